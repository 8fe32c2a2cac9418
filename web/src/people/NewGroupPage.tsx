import { useState, type FormEvent } from 'react';
import type { User } from '../client/types';
import { useCaravan } from '../app/caravan';
import { paths } from '../app/paths';
import { navigate } from '../app/router';
import { useAction } from '../app/useAction';
import { countScalars } from '../text/scalars';
import { Avatar } from '../ui/Avatar';
import { Field } from '../ui/Field';
import { Icon } from '../ui/Icon';
import { PaneHeader } from '../ui/PaneHeader';
import { ProblemNote, useWait } from '../ui/ProblemNote';
import { PeopleResults } from './PeopleResults';
import { PersonRow } from './PersonRow';
import { SearchBox } from './SearchBox';
import { usePeople } from './usePeople';

const most = 256;

export function NewGroupPage() {
  const caravan = useCaravan();
  const [title, setTitle] = useState('');
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<readonly User[]>([]);
  const people = usePeople(query);
  const create = useAction(async () => {
    const chat = await caravan.createGroup(chosen.map((user) => user.id), title.trim());
    navigate(paths.chat(chat.id), { replace: true });
  });
  const wait = useWait(create.problem);

  const isChosen = (user: User) => chosen.some((other) => other.id === user.id);
  const toggle = (user: User) =>
    setChosen(isChosen(user) ? chosen.filter((other) => other.id !== user.id) : [...chosen, user].slice(0, most));

  const length = countScalars(title.trim());
  const missing = length === 0 ? 'Give the group a name.' : chosen.length < 2 ? 'Choose at least two people.' : null;

  function submitted(event: FormEvent) {
    event.preventDefault();
    if (!missing && length <= 100) void create.run();
  }

  return (
    <main className="page" aria-label="New group">
      <PaneHeader title="New group" back={paths.newChat} />
      <form className="page-body group-form" onSubmit={submitted}>
        <Field label="Group name" value={title} onValue={setTitle} placeholder="Weekend in the hills" autoComplete="off"
          error={length > 100 && 'At most 100 characters.'} />
        <ul className="chips" aria-label="Chosen people" hidden={chosen.length === 0}>
          {chosen.map((user) => (
            <li key={user.id}>
              <button type="button" className="chip" onClick={() => toggle(user)} title="Remove">
                <span className="visually-hidden">Remove </span>
                <Avatar name={user.display_name} seed={user.id} size="small" />
                <span className="chip-name">{user.display_name}</span>
                <Icon name="close" size={16} />
              </button>
            </li>
          ))}
        </ul>
        <SearchBox label="Find people to add" placeholder="Add people by name or username" value={query} onValue={setQuery} />
        <PeopleResults view={people} row={(user) => (
          <label className="person choice">
            <input type="checkbox" className="visually-hidden" checked={isChosen(user)} onChange={() => toggle(user)} />
            <PersonRow id={user.id} name={user.display_name} username={user.username}>
              <span className="tick-box" aria-hidden="true"><Icon name="check" size={16} /></span>
            </PersonRow>
          </label>
        )} />
        <div className="group-footer">
          <ProblemNote problem={create.problem} />
          <p className="group-count" role="status">{missing ?? `${chosen.length} people and you`}</p>
          <button className="button primary" disabled={!!missing || length > 100 || create.pending || wait > 0}>
            {create.pending ? 'Creating…' : 'Create group'}
          </button>
        </div>
      </form>
    </main>
  );
}
