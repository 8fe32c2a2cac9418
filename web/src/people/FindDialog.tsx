// Ctrl+K: chats that are known here at once, people from the server a moment later, in one list under one input.
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useCaravan, useChatList, useMe } from '../app/caravan';
import { paths } from '../app/paths';
import { navigate } from '../app/router';
import { useAction } from '../app/useAction';
import { chatHueSeed, chatName, otherMember } from '../text/names';
import { Avatar } from '../ui/Avatar';
import { Icon } from '../ui/Icon';
import { ProblemNote } from '../ui/ProblemNote';
import { findMatches, type Match } from './findMatches';
import { usePeople } from './usePeople';

export function FindDialog({ onClose }: { onClose: () => void }) {
  const caravan = useCaravan();
  const me = useMe();
  const { chats } = useChatList();
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const listId = useId();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const people = usePeople(query);
  const matches = useMemo(() => findMatches(query, chats, people.people, me?.id), [query, chats, people.people, me?.id]);
  const current = Math.min(at, matches.length - 1);

  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
  }, []);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current, matches]);

  const open = useAction(async (match: Match) => {
    const id = match.kind === 'chat' ? match.chat.id : (await caravan.openDirect(match.user.id)).id;
    dialog.current?.close();
    navigate(paths.chat(id));
  });

  function pressed(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setAt((current + step + matches.length) % Math.max(matches.length, 1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const match = matches[current];
      if (match) void open.run(match);
    }
  }

  const option = (match: Match, index: number) => {
    const name = match.kind === 'chat' ? chatName(match.chat, me?.id) : match.user.display_name;
    const seed = match.kind === 'chat' ? chatHueSeed(match.chat, me?.id) : match.user.id;
    const group = match.kind === 'chat' && match.chat.kind === 'group';
    const detail = match.kind === 'person' ? `@${match.user.username}` : group
      ? `${match.chat.member_count} members` : `@${otherMember(match.chat, me?.id)?.username ?? ''}`;
    return (
      <div key={match.key} id={`${listId}-${index}`} role="option" aria-selected={index === current} className="person find-option"
        onMouseMove={() => setAt(index)} onClick={() => void open.run(match)}>
        <Avatar name={name} seed={seed} group={group} />
        <span className="person-text">
          <span className="person-name">{name}</span>
          <span className="person-username">{detail}</span>
        </span>
        {match.kind === 'person' && <span className="find-kind">New chat</span>}
        <Icon name="enter" size={18} />
      </div>
    );
  };

  return (
    <dialog ref={dialog} className="find-dialog" aria-label="Find people and chats" onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}>
      <div className="find-body">
        <div className="search-box bare">
          <Icon name="search" size={20} />
          <input type="text" role="combobox" autoFocus aria-label="Find people and chats" aria-expanded="true" aria-controls={listId}
            aria-activedescendant={matches.length > 0 ? `${listId}-${current}` : undefined} aria-autocomplete="list"
            placeholder="Find people and chats" value={query} onKeyDown={pressed} autoComplete="off" autoCapitalize="none" spellCheck={false}
            onChange={(event) => { setQuery(event.target.value); setAt(0); }} />
          <button type="button" className="icon-button" aria-label="Close" onClick={() => dialog.current?.close()}>
            <Icon name="close" size={20} />
          </button>
        </div>
        <ProblemNote problem={open.problem ?? (people.loading ? null : people.problem)} />
        <div className="find-list" role="listbox" id={listId} aria-label="Found" ref={list} tabIndex={-1}>
          {matches.map(option)}
        </div>
        {matches.length === 0 && (
          <p className="list-note" role="status">
            {people.loading ? 'Looking…' : query.trim() ? <>Nobody and nothing goes by “{query.trim()}”.</> : 'Nobody else is here yet.'}
          </p>
        )}
      </div>
    </dialog>
  );
}
