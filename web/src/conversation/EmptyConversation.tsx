import type { Chat, Uuid } from '../client/types';
import { chatHueSeed } from '../text/names';
import { Avatar } from '../ui/Avatar';

export function EmptyConversation({ chat, name, me }: { chat: Chat; name: string; me: Uuid }) {
  return (
    <div className="empty-conversation">
      <Avatar name={name} seed={chatHueSeed(chat, me)} size="huge" group={chat.kind === 'group'} />
      <p className="empty-title">{chat.kind === 'group' ? `${name} has just been founded` : `This is you and ${name}`}</p>
      <p>{chat.kind === 'group' ? 'Write the first message for all to see.' : 'Say hello: the first message is the hardest.'}</p>
    </div>
  );
}
