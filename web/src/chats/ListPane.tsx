import { useEffect, useRef } from 'react';
import type { User } from '../client/types';
import { ConnectionBanner } from '../app/ConnectionBanner';
import { onePane, useMedia } from '../app/environment';
import { NotificationBar } from '../app/NotificationBar';
import { Link } from '../app/Link';
import { paths, type Route } from '../app/paths';
import { commandKey } from '../app/shortcuts';
import { Avatar } from '../ui/Avatar';
import { Icon } from '../ui/Icon';
import { Logo } from '../ui/Logo';
import { ChatList } from './ChatList';

export function ListPane({ me, route, onFind }: { me: User; route: Route; onFind: () => void }) {
  const currentId = route.name === 'chat' ? route.chatId : null;
  const pane = useRef<HTMLDivElement>(null);
  // On a phone the list is the whole page, and with it the main thing.
  const alone = useMedia(onePane) && route.name === 'home';
  const last = useRef<string | null>(null);

  // Back from a chat, the keyboard stands on that chat again.
  useEffect(() => {
    if (currentId) last.current = currentId;
    else if (route.name === 'home' && last.current) {
      pane.current?.querySelector<HTMLElement>(`[data-chat="${last.current}"]`)?.focus({ preventScroll: true });
      last.current = null;
    }
  }, [currentId, route.name]);

  return (
    <div className="list-pane" role={alone ? 'main' : 'region'} aria-label="Chat list" ref={pane}>
      {alone && <h1 className="visually-hidden">Chats</h1>}
      <div className="list-header">
        <Link href={paths.home} className="brand" aria-label="Caravan, all chats">
          <Logo size={30} />
          <span className="brand-name">Caravan</span>
        </Link>
        <Link href={paths.newChat} className="icon-button" aria-label="New chat" title="New chat"
          aria-current={route.name === 'new' || route.name === 'newGroup' ? 'page' : undefined}>
          <Icon name="compose" />
        </Link>
        <Link href={paths.settings} className="me-button" title="Settings"
          aria-current={route.name === 'settings' ? 'page' : undefined}>
          <span className="visually-hidden">Settings, logged in as {me.display_name}</span>
          <Avatar name={me.display_name} seed={me.id} size="small" />
        </Link>
      </div>
      <div className="find-place">
        <button type="button" className="find-button" onClick={onFind}>
          <Icon name="search" size={18} />
          <span className="find-words">Find people and chats</span>
          <kbd aria-hidden="true">{commandKey} K</kbd>
        </button>
      </div>
      <ConnectionBanner />
      <NotificationBar />
      <nav className="list-scroll" aria-label="Chats">
        <ChatList me={me} currentId={currentId} />
      </nav>
    </div>
  );
}
