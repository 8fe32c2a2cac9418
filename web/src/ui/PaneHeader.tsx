import type { ReactNode } from 'react';
import { goBack } from '../app/router';
import { Icon } from './Icon';
import { useRouteFocus } from './useRouteFocus';

/** The bar on top of a pane: back (where panes cover each other), its heading, its actions. */
export function PaneHeader({ title, back, children }: { title: string; back: string; children?: ReactNode }) {
  const heading = useRouteFocus<HTMLHeadingElement>();
  return (
    <header className="pane-header">
      <button type="button" className="icon-button back" onClick={() => goBack(back)} aria-label="Back">
        <Icon name="back" />
      </button>
      <h1 ref={heading} tabIndex={-1} className="pane-title">{title}</h1>
      {children}
    </header>
  );
}
