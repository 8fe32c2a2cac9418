import { useEffect } from 'react';
import type { User } from '../client/types';
import { chatName } from '../text/names';
import { useChatList } from './caravan';
import type { Route } from './paths';

export function titleOf(unread: number, page: string | null): string {
  const name = unread > 0 ? `(${unread > 99 ? '99+' : unread}) Caravan` : 'Caravan';
  return page ? `${name} · ${page}` : name;
}

export function useDocumentTitle(route: Route, me: User): void {
  const { chats, totalUnread } = useChatList();
  const page = pageName();
  useEffect(() => {
    document.title = titleOf(totalUnread, page);
  }, [totalUnread, page]);

  function pageName(): string | null {
    switch (route.name) {
      case 'chat': {
        const chat = chats.find((other) => other.id === route.chatId);
        return chat ? chatName(chat, me.id) : null;
      }
      case 'new': return 'New chat';
      case 'newGroup': return 'New group';
      case 'settings': return 'Settings';
      case 'bill': return 'What it costs';
      default: return null;
    }
  }
}
