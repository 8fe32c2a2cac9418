import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { Conversation, ConversationView, Uuid } from '../client/types';
import { useDelayed, useMinute, usePageAttended } from '../app/environment';
import { dayLabel } from '../text/time';
import { isSeeking, useDivider } from './divider';
import { HistoryHead } from './HistoryHead';
import { JumpToLatest } from './JumpToLatest';
import { MessageRow } from './MessageRow';
import { buildRows } from './rows';
import { useMessageScroll } from './useMessageScroll';
import { useOlder } from './useOlder';

interface Props {
  conversation: Conversation;
  view: ConversationView;
  nameOf: (id: Uuid) => string;
  inGroup: boolean;
}

export function MessageList({ conversation, view, nameOf, inGroup }: Props) {
  const now = useMinute();
  const divider = useDivider(view);
  const unreadAtOpen = useRef(view.chat?.unread);
  unreadAtOpen.current ??= view.chat?.unread;
  const rows = useMemo(() => buildRows(view.messages, divider, view.hasOlder), [view.messages, divider, view.hasOlder]);
  const seeking = isSeeking(view, unreadAtOpen.current ?? 0);
  const start = view.status !== 'live' || seeking ? null : rows.findIndex((row) => row.unread);
  const { scroller, virtualizer, rowAt, atEnd, standsAtEnd, toEnd, onScroll } = useMessageScroll(rows, start);
  const older = useOlder(conversation, view, scroller, seeking);

  // What I send is what I want to see, wherever I was.
  const newest = rows.at(-1)?.message;
  const before = useRef(newest);
  useLayoutEffect(() => {
    if (newest && newest.localId !== before.current?.localId && newest.mine && newest.state === 'sending') toEnd();
    before.current = newest;
  }, [newest, toEnd]);

  // Seen is what stands at the end of the list in front of somebody.
  const attended = usePageAttended();
  const seen = attended && atEnd && view.status === 'live' && (!seeking || older.problem !== null);
  const newestTheirs = rows.findLast((row) => !row.message.mine)?.message.localId;
  useEffect(() => {
    if (seen && newestTheirs && standsAtEnd()) conversation.markRead();
  }, [seen, newestTheirs, conversation, standsAtEnd]);

  const lastSeen = useRef(newest?.localId);
  if (atEnd) lastSeen.current = newest?.localId;
  const missed = useMemo(() => {
    if (atEnd) return 0;
    const from = rows.findLastIndex((row) => row.message.localId === lastSeen.current);
    return rows.slice(from + 1).filter((row) => !row.message.mine).length;
  }, [rows, atEnd]);

  const height = virtualizer.scrollRect?.height ?? 0;
  const top = virtualizer.getVirtualItemForOffset((virtualizer.scrollOffset ?? 0) + height - 24);
  const topRow = top && rowAt(top.index);
  // A row that carries its day itself needs no other word on it.
  const scrolling = useDelayed(virtualizer.isScrolling && !atEnd, 80);

  return (
    <div className="message-pane">
      {topRow && (
        <div className={scrolling && topRow.day === null ? 'floating-day shown' : 'floating-day'} aria-hidden="true">
          <span>{dayLabel(topRow.message.sentAt, now)}</span>
        </div>
      )}
      <div className="message-scroller" ref={scroller} onScroll={() => { onScroll(); older.check(); }}
        role="region" aria-label="Messages" tabIndex={0}>
        <div className="message-sizer" style={{ height: virtualizer.getTotalSize() }}>
          <HistoryHead view={view} problem={older.problem} onRetry={older.retry} />
          <div role="list" aria-label="Messages">
            {/* The virtualiser counts from the end; the document reads from the beginning. */}
            {virtualizer.getVirtualItems().toReversed().map((item) => {
              const row = rowAt(item.index);
              return row && (
                <div key={item.key} role="listitem" data-index={item.index} ref={virtualizer.measureElement} className="message-place"
                  aria-setsize={view.hasOlder ? -1 : rows.length} aria-posinset={rows.length - item.index}
                  style={{ transform: `translateY(${-item.start}px)` }}>
                  <MessageRow row={row} now={now} conversation={conversation} sender={nameOf(row.message.senderId)} inGroup={inGroup} />
                </div>
              );
            })}
          </div>
        </div>
      </div>
      <JumpToLatest shown={!atEnd} count={missed} onJump={() => toEnd(true)} />
    </div>
  );
}
