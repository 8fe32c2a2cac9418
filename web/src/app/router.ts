// A router of the few things this app needs: an address, going somewhere, going back.
import { useMemo, useSyncExternalStore } from 'react';
import { parseLocation, type Route } from './paths';

const listeners = new Set<() => void>();

function announce(): void {
  for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener('popstate', announce);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('popstate', announce);
  };
}

const address = () => location.pathname + location.search;

/** How many entries of this app lie below the present one: whether Back stays inside it. */
function depth(): number {
  const state = history.state as { depth?: number } | null;
  return state?.depth ?? 0;
}

export function navigate(to: string, options: { replace?: boolean } = {}): void {
  if (to === address()) return;
  if (options.replace) history.replaceState({ depth: depth() }, '', to);
  else history.pushState({ depth: depth() + 1 }, '', to);
  announce();
}

/** The entry below, or `fallback` for a page that was opened by its address. */
export function goBack(fallback: string): void {
  if (depth() > 0) history.back();
  else navigate(fallback, { replace: true });
}

export function useRoute(): Route {
  const current = useSyncExternalStore(subscribe, address);
  return useMemo(() => {
    const [path, search = ''] = current.split('?');
    return parseLocation(path!, search);
  }, [current]);
}
