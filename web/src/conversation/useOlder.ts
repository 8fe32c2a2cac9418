// Reads older pages before they are needed.
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import type { Conversation, ConversationView, Problem } from '../client/types';
import { useConnection } from '../app/caravan';
import { problemOf } from '../app/problems';

/** Pages are read while less than this lies above the visible part; in heights of the pane. */
const ahead = 2.5;

export function useOlder(conversation: Conversation, view: ConversationView, scroller: RefObject<HTMLDivElement | null>, seeking: boolean) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const connection = useConnection();
  const latest = useRef({ view, problem, seeking });
  latest.current = { view, problem, seeking };

  const check = useCallback(() => {
    const element = scroller.current;
    const { view: current, problem: stuck, seeking: wanted } = latest.current;
    if (!element || stuck || !current.hasOlder || current.loadingOlder || current.messages.length === 0) return;
    const above = element.scrollHeight - element.clientHeight + element.scrollTop;
    if (above > ahead * element.clientHeight && !wanted) return;
    conversation.loadOlder().catch((error: unknown) => setProblem(problemOf(error)));
  }, [conversation, scroller]);

  // After every page and every change of place: one page may not be enough.
  useEffect(check);
  // Back online, what failed is tried again unasked.
  useEffect(() => {
    if (connection === 'live') setProblem(null);
  }, [connection]);

  return { check, problem, retry: () => setProblem(null) };
}
