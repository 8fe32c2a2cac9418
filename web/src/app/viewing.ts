// Which chats are being looked at in any tab of this browser: the tab that hears of a message need not be the one that shows it.

interface Word { tab: string; chatId: string | null; ask?: boolean }

const tab = Math.random().toString(36).slice(2);
const others = new Map<string, string>();
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('caravan.viewing');
let mine: string | null = null;

function attended(): string | null {
  return document.visibilityState === 'visible' && document.hasFocus() ? mine : null;
}

function tell(ask = false): void {
  channel?.postMessage({ tab, chatId: attended(), ask } satisfies Word);
}

/** The chat this tab has on screen, or null. */
export function setViewing(chatId: string | null): void {
  mine = chatId;
  tell();
}

export function isViewed(chatId: string): boolean {
  return attended() === chatId || [...others.values()].includes(chatId);
}

if (channel) {
  channel.onmessage = ({ data }: MessageEvent<Word>) => {
    if (data.chatId) others.set(data.tab, data.chatId);
    else others.delete(data.tab);
    if (data.ask) tell();
  };
  document.addEventListener('visibilitychange', () => tell());
  window.addEventListener('focus', () => tell());
  window.addEventListener('blur', () => tell());
  window.addEventListener('pagehide', () => channel.postMessage({ tab, chatId: null } satisfies Word));
  tell(true);
}
