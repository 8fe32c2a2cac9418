import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { Chat, User, Uuid } from '../client/types';
import { useCaravan, useChatList, useLive } from '../app/caravan';
import { ConnectionBanner } from '../app/ConnectionBanner';
import { isTouch, onePane, useDelayed, useMedia, usePageVisible } from '../app/environment';
import { paths } from '../app/paths';
import { goBack } from '../app/router';
import { setViewing } from '../app/viewing';
import { chatName } from '../text/names';
import { ConversationSkeleton } from '../ui/Skeleton';
import { ChatProblem } from './ChatProblem';
import { Composer } from './Composer';
import { ConversationHeader } from './ConversationHeader';
import { EmptyConversation } from './EmptyConversation';
import { InfoPanel } from './InfoPanel';
import { useMembers } from './members';
import { MessageList } from './MessageList';
import { useAnnouncements } from './useAnnouncements';

/** One chat. Mounted anew for each: nothing of one conversation reaches into the next. */
export function ConversationPage({ chatId, info, me }: { chatId: Uuid; info: boolean; me: User }) {
  const caravan = useCaravan();
  const conversation = useMemo(() => caravan.conversation(chatId), [caravan, chatId]);
  const view = useLive(conversation.view);
  const listed = useChatList().chats.find((chat) => chat.id === chatId);
  const chat: Chat | null = view.chat ?? listed ?? null;
  const name = chat ? chatName(chat, me.id) : '';
  const inGroup = chat?.kind === 'group';

  const visible = usePageVisible();
  useEffect(() => (visible ? conversation.open() : undefined), [conversation, visible]);
  useEffect(() => {
    setViewing(chatId);
    return () => setViewing(null);
  }, [chatId]);

  const members = useMembers(conversation, chat);
  const names = useMemo(() => new Map(members.members.map((member) => [member.user_id, member.display_name])), [members.members]);
  const nameOf = useCallback(
    (id: Uuid) => names.get(id) ?? (id === me.id ? me.display_name : members.complete ? 'Former member' : '…'),
    [names, me, members.complete],
  );
  useAnnouncements(view, nameOf, chat && inGroup ? name : null);

  // The list carries the banner where both are in view.
  const onePaneNow = useMedia(onePane);

  const composer = useRef<{ focus: () => void }>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (isTouch()) heading.current?.focus({ preventScroll: true });
    else composer.current?.focus();
  }, []);

  const closeInfo = useCallback(() => goBack(paths.chat(chatId)), [chatId]);
  const waiting = useDelayed(view.status === 'loading' && view.messages.length === 0, 150);

  if (view.status === 'error' && !chat) return <ChatProblem problem={view.problem} />;
  return (
    <>
      <main className="conversation" aria-label={name ? `Chat with ${name}` : 'Chat'}>
        <ConversationHeader chat={chat} name={name} me={me.id} info={info} headingRef={heading} />
        {onePaneNow && <ConnectionBanner />}
        {view.messages.length > 0 ? (
          <MessageList conversation={conversation} view={view} nameOf={nameOf} inGroup={inGroup} />
        ) : (
          <div className="message-pane">
            {waiting && <ConversationSkeleton />}
            {view.status === 'live' && chat && <EmptyConversation chat={chat} name={name} me={me.id} />}
            {view.status === 'error' && <ChatProblem problem={view.problem} inside />}
          </div>
        )}
        <Composer ref={composer} conversation={conversation} me={me.id} to={name} />
      </main>
      {info && chat && <InfoPanel chat={chat} me={me} members={members} onClose={closeInfo} />}
    </>
  );
}
