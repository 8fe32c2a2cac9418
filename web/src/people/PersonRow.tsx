import type { ReactNode } from 'react';
import { Avatar } from '../ui/Avatar';

/** The inside of a row that stands for a person: a button, an option or a list item goes around it. */
export function PersonRow({ id, name, username, children }: { id: string; name: string; username: string; children?: ReactNode }) {
  return (
    <>
      <Avatar name={name} seed={id} />
      <span className="person-text">
        <span className="person-name">{name}</span>
        <span className="person-username">@{username}</span>
      </span>
      {children}
    </>
  );
}
