import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { User } from '../client/types';
import { useCaravan, useChatList } from '../app/caravan';
import { useDelayed, useMinute } from '../app/environment';
import { problemOf } from '../app/problems';
import type { Problem } from '../client/types';
import { ProblemNote } from '../ui/ProblemNote';
import { ListSkeleton } from '../ui/Skeleton';
import { ChatListItem } from './ChatListItem';
import { NoChats } from './NoChats';

export function ChatList({ me, currentId }: { me: User; currentId: string | null }) {
  const { chats, hasMore, status } = useChatList();
  const now = useMinute();
  const list = useRef<HTMLUListElement>(null);
  const loadingLate = useDelayed(status === 'loading' && chats.length === 0, 150);
  const tabStop = chats.some((chat) => chat.id === currentId) ? currentId : chats[0]?.id;

  if (chats.length === 0) {
    if (status === 'loading') return loadingLate ? <ListSkeleton /> : null;
    if (status === 'error') return <p className="list-note">Your chats can’t be read right now. They will be back.</p>;
    return <NoChats />;
  }

  function pressed(event: KeyboardEvent) {
    const links = [...(list.current?.querySelectorAll<HTMLAnchorElement>('a.chat-item') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (target === undefined || at < 0) return;
    event.preventDefault();
    links[Math.min(Math.max(target, 0), links.length - 1)]?.focus();
  }

  return (
    <ul className="chat-list" ref={list} onKeyDown={pressed}>
      {chats.map((chat) => (
        <ChatListItem key={chat.id} chat={chat} me={me} now={now} current={chat.id === currentId} tabStop={chat.id === tabStop} />
      ))}
      {hasMore && <MoreChats />}
    </ul>
  );
}

/** Reads the next page shortly before the end of the list comes into view. */
function MoreChats() {
  const caravan = useCaravan();
  const place = useRef<HTMLLIElement>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { chats } = useChatList();

  useEffect(() => {
    const element = place.current;
    if (!element || problem) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          caravan.loadMoreChats().catch((error: unknown) => setProblem(problemOf(error)));
        }
      },
      { rootMargin: '600px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
    // A page that does not fill the margin must be followed by another: observed anew for every length.
  }, [caravan, chats.length, problem]);

  return (
    <li ref={place} className="more-chats">
      <ProblemNote problem={problem} />
      {problem && <button type="button" className="button quiet" onClick={() => setProblem(null)}>Try again</button>}
    </li>
  );
}
