// What the browser says about the moment: media, visibility, focus.
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    useCallback((listener) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    }, [query]),
    () => matchMedia(query).matches,
  );
}

/** One pane at a time below this; the stylesheets use the same number. */
export const onePane = '(max-width: 47.99rem)';

/** No room for the information panel beside the conversation below this. */
export const noThirdPane = '(max-width: 67.99rem)';

/** A finger, and nothing finer: Enter makes a new line, and no field is focused unasked (it would raise the keyboard). */
export function isTouch(): boolean {
  return matchMedia('(hover: none) and (pointer: coarse)').matches;
}

function onAttention(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  window.addEventListener('focus', listener);
  window.addEventListener('blur', listener);
  return () => {
    document.removeEventListener('visibilitychange', listener);
    window.removeEventListener('focus', listener);
    window.removeEventListener('blur', listener);
  };
}

export function usePageVisible(): boolean {
  return useSyncExternalStore(onAttention, () => document.visibilityState === 'visible');
}

/** Visible and the window in use: somebody who is elsewhere has not read a thing. */
export function usePageAttended(): boolean {
  return useSyncExternalStore(onAttention, () => document.visibilityState === 'visible' && document.hasFocus());
}

/** `value` once it has been true for `delay` milliseconds; false at once. Keeps skeletons and banners from flashing. */
export function useDelayed(value: boolean, delay: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!value) return;
    const timer = setTimeout(() => setLate(true), delay);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [value, delay]);
  return value && late;
}

/** The present moment, renewed every minute: "Yesterday" becomes true at midnight. */
export function useMinute(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const renew = () => setNow(Date.now());
    const timer = setInterval(renew, 60_000);
    document.addEventListener('visibilitychange', renew);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', renew);
    };
  }, []);
  return now;
}
