import type { ReactNode } from 'react';
import type { User } from '../client/types';
import { useDelayed } from '../app/environment';
import { ProblemNote } from '../ui/ProblemNote';
import { ListSkeleton } from '../ui/Skeleton';
import type { PeopleView } from './usePeople';

/** What a search for people found, in every state it can be in. */
export function PeopleResults({ view, row }: { view: PeopleView; row: (user: User) => ReactNode }) {
  const late = useDelayed(view.loading && view.people.length === 0, 150);
  return (
    <div className="people-results">
      {late && <ListSkeleton rows={5} />}
      {!view.loading && !view.problem && view.people.length === 0 && (
        <p className="list-note" role="status">
          {view.query ? <>Nobody here goes by “{view.query}”.</> : 'Nobody else is here yet. Invite somebody!'}
        </p>
      )}
      <ul className="people" aria-label="People">
        {view.people.map((user) => <li key={user.id}>{row(user)}</li>)}
      </ul>
      <ProblemNote problem={view.problem} />
      {(view.hasMore || view.problem) && (
        <button type="button" className="button quiet more-people" onClick={view.more} disabled={view.loading}>
          {view.problem ? 'Try again' : view.loading ? 'Loading…' : 'Show more'}
        </button>
      )}
    </div>
  );
}
