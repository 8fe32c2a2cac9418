import type { Ref } from 'react';
import type { Chat, Uuid } from '../client/types';
import { Link } from '../app/Link';
import { paths } from '../app/paths';
import { goBack } from '../app/router';
import { chatHueSeed, otherMember } from '../text/names';
import { Avatar } from '../ui/Avatar';
import { Icon } from '../ui/Icon';

interface Props {
  chat: Chat | null;
  name: string;
  me: Uuid;
  info: boolean;
  headingRef: Ref<HTMLHeadingElement>;
}

export function ConversationHeader({ chat, name, me, info, headingRef }: Props) {
  const detail = chat && (chat.kind === 'group' ? `${chat.member_count} members` : `@${otherMember(chat, me)?.username ?? ''}`);
  return (
    <header className="pane-header conversation-header">
      <button type="button" className="icon-button back phone-only" onClick={() => goBack(paths.home)} aria-label="Back to chats">
        <Icon name="back" />
      </button>
      {chat && <Avatar name={name} seed={chatHueSeed(chat, me)} group={chat.kind === 'group'} />}
      <div className="conversation-title">
        <h1 ref={headingRef} tabIndex={-1} className="pane-title">{name || <span className="visually-hidden">Chat</span>}</h1>
        {detail && <p className="conversation-detail">{detail}</p>}
      </div>
      {chat && (
        <Link href={info ? paths.chat(chat.id) : paths.info(chat.id)} replace={info} className="icon-button" aria-current={info ? 'true' : undefined}
          aria-label={chat.kind === 'group' ? 'Group info' : 'Chat info'} title={chat.kind === 'group' ? 'Group info' : 'Chat info'}>
          <Icon name="info" />
        </Link>
      )}
    </header>
  );
}
