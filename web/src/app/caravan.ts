import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { Caravan, ChatListView, ConnectionState, Live, User } from '../client/types';

export const CaravanContext = createContext<Caravan | null>(null);

export function useCaravan(): Caravan {
  const caravan = useContext(CaravanContext);
  if (!caravan) throw new Error('CaravanContext is missing above this component.');
  return caravan;
}

export function useLive<T>(live: Live<T>): T {
  return useSyncExternalStore(
    useCallback((listener: () => void) => live.subscribe(listener), [live]),
    useCallback(() => live.get(), [live]),
  );
}

export function useMe(): User | null {
  return useLive(useCaravan().me);
}

export function useChatList(): ChatListView {
  return useLive(useCaravan().chats);
}

export function useConnection(): ConnectionState {
  return useLive(useCaravan().connection);
}
