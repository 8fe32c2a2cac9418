// What went wrong, in words for the person it happened to.
import type { Problem } from '../client/types';

export function problemOf(error: unknown): Problem {
  if (error instanceof Error && 'problem' in error) return error.problem as Problem;
  return { code: 'unexpected', status: 0, detail: error instanceof Error ? error.message : String(error) };
}

const sentences: Record<string, string> = {
  network: 'Caravan can’t be reached. Check your connection and try again.',
  invalid_credentials: 'That username and password don’t belong together.',
  username_taken: 'That username is taken. Try another one.',
  unauthorized: 'You have been logged out. Log in again to go on.',
  chat_not_found: 'This chat doesn’t exist, or you are not in it.',
  user_not_found: 'That person could not be found.',
  not_found: 'There is nothing here.',
  blocked: 'You can’t write to this person.',
  too_large: 'That is too long to send.',
  timeout: 'That took too long. Try again.',
  key_reused: 'This message was already sent with another text.',
  too_many_streams: 'Caravan is open in too many places. Close a few windows.',
  refresh_reused: 'You have been logged out. Log in again to go on.',
};

/** One sentence or two. `secondsLeft` counts down the wait the server asked for. */
export function problemText(problem: Problem, secondsLeft: number = problem.retryAfter ?? 0): string {
  const wait = secondsLeft > 0 ? ` Try again in ${duration(secondsLeft)}.` : ' Try again.';
  switch (problem.code) {
    case 'rate_limited':
      return `That was a little fast.${wait}`;
    case 'unavailable':
      return `Caravan is busy right now.${wait}`;
    case 'invalid_request':
      return problem.detail || 'Something in there was not accepted.';
    default:
      return sentences[problem.code] ?? (problem.detail || 'Something went wrong. Try again.');
  }
}

/** With a space that does not break: the unit stays with its number. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 90) return `${whole}\u00a0s`;
  return `${Math.ceil(whole / 60)}\u00a0min`;
}
