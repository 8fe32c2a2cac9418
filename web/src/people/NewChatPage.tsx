import { useState } from 'react';
import { useCaravan } from '../app/caravan';
import { isTouch } from '../app/environment';
import { Link } from '../app/Link';
import { paths } from '../app/paths';
import { navigate } from '../app/router';
import { useAction } from '../app/useAction';
import { Icon } from '../ui/Icon';
import { PaneHeader } from '../ui/PaneHeader';
import { ProblemNote } from '../ui/ProblemNote';
import { PeopleResults } from './PeopleResults';
import { PersonRow } from './PersonRow';
import { SearchBox } from './SearchBox';
import { usePeople } from './usePeople';

export function NewChatPage() {
  const caravan = useCaravan();
  const [query, setQuery] = useState('');
  const people = usePeople(query);
  const open = useAction(async (userId: string) => {
    const chat = await caravan.openDirect(userId);
    navigate(paths.chat(chat.id), { replace: true });
  });
  return (
    <main className="page" aria-label="New chat">
      <PaneHeader title="New chat" back={paths.home} />
      <div className="page-body">
        <SearchBox label="Find people" placeholder="Name or username" value={query} onValue={setQuery} autoFocus={!isTouch()} />
        <Link href={paths.newGroup} className="person new-group-link">
          <span className="avatar medium group tinted" aria-hidden="true"><Icon name="people" /></span>
          <span className="person-text">
            <span className="person-name">New group</span>
            <span className="person-username">Two others or more</span>
          </span>
        </Link>
        <ProblemNote problem={open.problem} />
        <PeopleResults view={people} row={(user) => (
          <button type="button" className="person" disabled={open.pending} onClick={() => void open.run(user.id)}>
            <PersonRow id={user.id} name={user.display_name} username={user.username} />
          </button>
        )} />
      </div>
    </main>
  );
}
