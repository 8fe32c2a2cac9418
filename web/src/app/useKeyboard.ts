import { useEffect } from 'react';
import { useCaravan } from './caravan';
import { paths, type Route } from './paths';
import { goBack, navigate } from './router';
import { chatStep, isFind } from './shortcuts';

/** Keys that work wherever the focus is. */
export function useKeyboard(route: Route, find: () => void): void {
  const caravan = useCaravan();
  useEffect(() => {
    function pressed(event: KeyboardEvent) {
      if (event.defaultPrevented || event.isComposing) return;
      if (isFind(event)) {
        event.preventDefault();
        find();
        return;
      }
      // An open dialog has Esc and the arrows to itself.
      if (document.querySelector('dialog[open]')) return;
      const step = chatStep(event);
      if (step) {
        event.preventDefault();
        goToNeighbour(step);
      } else if (event.key === 'Escape' && route.name !== 'home') {
        if (route.name === 'chat' && route.info) goBack(paths.chat(route.chatId));
        else if (route.name === 'newGroup') goBack(paths.newChat);
        else if (route.name === 'bill') goBack(paths.settings);
        else navigate(paths.home);
      }
    }

    function goToNeighbour(step: -1 | 1) {
      const { chats } = caravan.chats.get();
      const at = route.name === 'chat' ? chats.findIndex((chat) => chat.id === route.chatId) : -1;
      const chat = chats[at < 0 ? 0 : at + step];
      if (chat) navigate(paths.chat(chat.id), { replace: route.name === 'chat' });
    }

    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [caravan, route, find]);
}
