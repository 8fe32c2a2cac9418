import { useCallback, useEffect, useRef, useState } from 'react';
import type { Problem } from '../client/types';
import { problemOf } from './problems';

export interface Action<A extends unknown[]> {
  run: (...args: A) => Promise<boolean>;
  pending: boolean;
  problem: Problem | null;
  clear: () => void;
}

/** A call that a form makes: one at a time, with its problem kept until the next attempt. */
export function useAction<A extends unknown[]>(call: (...args: A) => Promise<unknown>): Action<A> {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const latest = useRef(call);
  useEffect(() => {
    latest.current = call;
  });
  const busy = useRef(false);

  const run = useCallback(async (...args: A) => {
    if (busy.current) return false;
    busy.current = true;
    setPending(true);
    setProblem(null);
    try {
      await latest.current(...args);
      return true;
    } catch (error) {
      setProblem(problemOf(error));
      return false;
    } finally {
      busy.current = false;
      setPending(false);
    }
  }, []);

  return { run, pending, problem, clear: useCallback(() => setProblem(null), []) };
}
