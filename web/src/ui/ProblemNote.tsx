import { useEffect, useState } from 'react';
import type { Problem } from '../client/types';
import { problemText } from '../app/problems';
import { Icon } from './Icon';

/** Seconds until the server wants to be asked again; counts down from when `problem` came. */
export function useWait(problem: Problem | null | undefined): number {
  const seconds = problem?.retryAfter ?? 0;
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    setLeft(seconds);
    if (seconds <= 0) return;
    const until = Date.now() + seconds * 1000;
    const timer = setInterval(() => {
      const remaining = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      setLeft(remaining);
      if (remaining === 0) clearInterval(timer);
    }, 500);
    return () => clearInterval(timer);
  }, [problem, seconds]);
  return left;
}

export function ProblemNote({ problem, id }: { problem: Problem | null; id?: string }) {
  const left = useWait(problem);
  // The container stays, so that screen readers notice what appears in it. The countdown is seen, not said each second.
  return (
    <div className="problem-note-place" role="alert" id={id} aria-atomic="true" aria-relevant="additions">
      {problem && (
        <p className="problem-note">
          <Icon name="alert" size={18} />
          <span>{problemText(problem, left)}</span>
        </p>
      )}
    </div>
  );
}
