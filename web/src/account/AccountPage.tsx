import type { ReactNode } from 'react';
import { Dunes } from '../ui/Dunes';
import { Logo } from '../ui/Logo';
import { useRouteFocus } from '../ui/useRouteFocus';

/** The frame around logging in and registering. */
export function AccountPage({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const heading = useRouteFocus<HTMLHeadingElement>();
  return (
    <main className="account-page">
      <Dunes />
      <div className="account-card">
        <Logo size={52} />
        <h1 ref={heading} tabIndex={-1}>{title}</h1>
        <p className="lead">{lead}</p>
        {children}
      </div>
    </main>
  );
}
