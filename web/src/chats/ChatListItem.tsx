import { memo, useMemo } from 'react';
import type { Chat, User } from '../client/types';
import { useLive } from '../app/caravan';
import { Link } from '../app/Link';
import { paths } from '../app/paths';
import { drafts } from '../conversation/drafts';
import { chatHueSeed, chatName } from '../text/names';
import { fullTime, listTime } from '../text/time';
import { Avatar } from '../ui/Avatar';

interface Props {
  chat: Chat;
  me: User;
  now: number;
  current: boolean;
  /** One chat of the list is a tab stop; the arrow keys go to the others. */
  tabStop: boolean;
}

export const ChatListItem = memo(function ChatListItem({ chat, me, now, current, tabStop }: Props) {
  const name = chatName(chat, me.id);
  const draft = useLive(useMemo(() => drafts.live(me.id, chat.id), [me.id, chat.id]));
  const last = chat.last_message;
  const at = Date.parse(last?.sent_at ?? chat.created_at);
  const unread = current ? 0 : chat.unread;
  return (
    <li>
      <Link href={paths.chat(chat.id)} className="chat-item" data-chat={chat.id} tabIndex={tabStop ? 0 : -1}
        aria-current={current ? 'page' : undefined}>
        <Avatar name={name} seed={chatHueSeed(chat, me.id)} group={chat.kind === 'group'} />
        <span className="chat-item-text">
          <span className="chat-item-top">
            <span className="chat-item-name" dir="auto" title={name}>{name}</span>
            <time className="chat-item-time" dateTime={new Date(at).toISOString()} title={fullTime(at)}>{listTime(at, now)}</time>
          </span>
          <span className="chat-item-bottom">
            <span className="chat-item-preview" dir="auto">
              {draft && !current ? <><span className="draft-word">Draft:</span> <bdi>{draft}</bdi></> : preview(chat, me)}
            </span>
            {unread > 0 && (
              <span className="badge">
                {unread > 99 ? '99+' : unread}
                <span className="visually-hidden"> unread</span>
              </span>
            )}
          </span>
        </span>
      </Link>
    </li>
  );
});

function preview(chat: Chat, me: User) {
  const last = chat.last_message;
  if (!last) return <span className="chat-item-none">No messages yet</span>;
  if (last.kind !== 'text') return null;
  if (last.sender_id === me.id) return <><span className="chat-item-who">You:</span> <bdi>{last.text}</bdi></>;
  if (chat.kind === 'direct') return last.text;
  const sender = chat.members.find((member) => member.user_id === last.sender_id);
  return sender ? <><span className="chat-item-who"><bdi>{sender.display_name.split(' ')[0]}</bdi>:</span> <bdi>{last.text}</bdi></> : last.text;
}
