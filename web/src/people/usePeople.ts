// People by name or username, page by page, as somebody types.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Problem, User } from '../client/types';
import { useCaravan, useMe } from '../app/caravan';
import { problemOf } from '../app/problems';

export interface PeopleView {
  people: readonly User[];
  /** What the people shown were asked for with; behind the input while an answer is on its way. */
  query: string;
  loading: boolean;
  problem: Problem | null;
  hasMore: boolean;
  more: () => void;
}

interface Found { people: User[]; query: string; next: string | null }

const pause = 180;

export function usePeople(input: string, enabled = true): PeopleView {
  const caravan = useCaravan();
  const me = useMe()?.id;
  const query = input.trim();
  const [found, setFound] = useState<Found>({ people: [], query: '', next: null });
  const [loading, setLoading] = useState(enabled);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [again, setAgain] = useState(0);
  const turn = useRef(0);

  useEffect(() => {
    if (!enabled) return;
    const mine = ++turn.current;
    setLoading(true);
    const timer = setTimeout(
      () => {
        caravan.findUsers(query).then(
          ({ users, next }) => {
            if (turn.current !== mine) return;
            setFound({ people: users, query, next });
            setProblem(null);
            setLoading(false);
          },
          (error: unknown) => {
            if (turn.current !== mine) return;
            setProblem(problemOf(error));
            setLoading(false);
          },
        );
      },
      query === '' ? 0 : pause,
    );
    return () => {
      turn.current += 1;
      clearTimeout(timer);
    };
  }, [caravan, query, enabled, again]);

  const more = useCallback(() => {
    if (problem && !found.next) return setAgain((before) => before + 1);
    if (loading || !found.next) return;
    const mine = turn.current;
    setLoading(true);
    caravan
      .findUsers(found.query, found.next)
      .then(({ users, next }) => {
        if (turn.current === mine) setFound((before) => ({ ...before, people: [...before.people, ...users], next }));
        setProblem(null);
      })
      .catch((error: unknown) => setProblem(problemOf(error)))
      .finally(() => turn.current === mine && setLoading(false));
  }, [caravan, found, loading, problem]);

  return { people: found.people.filter((user) => user.id !== me), query: found.query, loading, problem, hasMore: found.next !== null, more };
}
