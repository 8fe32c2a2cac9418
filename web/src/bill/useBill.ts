import { useCallback, useEffect, useState } from 'react';
import { useCaravan } from '../app/caravan';
import { problemOf } from '../app/problems';
import type { Bill, Problem } from '../client/types';

/** Milliseconds between looks while the page is visible. */
const RENEW = 60_000;

export interface BillState {
  readonly bill: Bill | null;
  /** When it came: milliseconds since 1970. */
  readonly at: number;
  /** Of the last attempt; an older bill stays on screen. */
  readonly problem: Problem | null;
  readonly pending: boolean;
  readonly ask: () => void;
}

/** The bill, asked for anew every minute while somebody looks. */
export function useBill(): BillState {
  const caravan = useCaravan();
  const [state, setState] = useState<Omit<BillState, 'ask'>>({ bill: null, at: 0, problem: null, pending: true });
  const ask = useCallback(() => {
    setState((s) => ({ ...s, pending: true }));
    caravan.bill().then(
      (bill) => setState({ bill, at: Date.now(), problem: null, pending: false }),
      (error: unknown) => setState((s) => ({ ...s, problem: problemOf(error), pending: false })),
    );
  }, [caravan]);
  useEffect(() => {
    ask();
    const timer = setInterval(() => document.visibilityState === 'visible' && ask(), RENEW);
    return () => clearInterval(timer);
  }, [ask]);
  return { ...state, ask };
}
