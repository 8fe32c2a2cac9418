// Browser notifications: only for somebody who said yes, and never for a chat that is being looked at.
import { useEffect } from 'react';
import type { Caravan, Chat, Message } from '../client/types';
import { chatName } from '../text/names';
import { navigate } from './router';
import { paths } from './paths';
import { signal } from './signal';
import { readStored, writeStored } from './storage';
import { isViewed } from './viewing';

/** `unasked`: may still be asked; `off`: the person said no here; `blocked`: the browser says no. */
export type NotificationChoice = 'unsupported' | 'unasked' | 'on' | 'off' | 'blocked';

const key = 'caravan.notifications';
const supported = typeof Notification !== 'undefined';

function current(): NotificationChoice {
  if (!supported) return 'unsupported';
  if (Notification.permission === 'denied') return 'blocked';
  const stored = readStored(key);
  if (stored === 'off') return 'off';
  return Notification.permission === 'granted' && stored === 'on' ? 'on' : 'unasked';
}

export const notificationChoice = signal<NotificationChoice>(current());
/** A first message has been sent or received: now the question makes sense. */
export const hasConversed = signal(readStored('caravan.conversed') === 'yes');

export function noteConversed(): void {
  if (hasConversed.get()) return;
  writeStored('caravan.conversed', 'yes');
  hasConversed.set(true);
}

export async function turnNotificationsOn(): Promise<void> {
  if (!supported) return;
  const permission = await Notification.requestPermission();
  // Closing the browser's question is an answer as well: it is not asked again unless the settings are used.
  writeStored(key, permission === 'granted' ? 'on' : 'off');
  notificationChoice.set(current());
}

export function turnNotificationsOff(): void {
  writeStored(key, 'off');
  notificationChoice.set(current());
}

function show(message: Message, chat: Chat | null, me: string | undefined): void {
  const sender = chat?.members.find((member) => member.user_id === message.sender_id)?.display_name;
  const where = chat ? chatName(chat, me) : 'Caravan';
  const title = chat?.kind === 'group' && sender ? `${sender} in ${where}` : where;
  const body = message.text.length > 160 ? `${message.text.slice(0, 159)}…` : message.text;
  try {
    // One notification a chat: a later one takes the place of the one before.
    const notification = new Notification(title, { body, tag: message.chat_id, icon: '/app/icon.svg' });
    notification.onclick = () => {
      window.focus();
      navigate(paths.chat(message.chat_id));
      notification.close();
    };
  } catch {
    // Some phone browsers have the constructor and forbid it.
    notificationChoice.set('unsupported');
  }
}

export function useNotifications(caravan: Caravan): void {
  useEffect(
    () =>
      caravan.on('message', (message, chat) => {
        noteConversed();
        if (message.kind !== 'text' || notificationChoice.get() !== 'on' || isViewed(message.chat_id)) return;
        show(message, chat, caravan.me.get()?.id);
      }),
    [caravan],
  );
}
