import { timeOf } from '../ids';
import type { Chat } from '../types';

/** Milliseconds since 1970 of the last thing that happened in the chat. */
export function activityOf(chat: Chat): number {
  return chat.last_message ? timeOf(chat.last_message.id) : Date.parse(chat.created_at) || 0;
}

/** Newest activity first; ties in a fixed order, so that rows do not jump. */
export function byActivity(a: Chat, b: Chat): number {
  return activityOf(b) - activityOf(a) || (a.id < b.id ? -1 : 1);
}
