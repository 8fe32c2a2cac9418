import type { ConversationView, Problem } from '../client/types';
import { useDelayed } from '../app/environment';

/** The word above the oldest message held: more is coming, more could not be read, or this is where it all began. */
export function HistoryHead({ view, problem, onRetry }: { view: ConversationView; problem: Problem | null; onRetry: () => void }) {
  const loading = useDelayed(view.loadingOlder, 150);
  return (
    <div className="history-head">
      {problem ? (
        <p>Older messages can’t be read right now. <button type="button" className="text-button" onClick={onRetry}>Try again</button></p>
      ) : view.hasOlder ? (
        loading && <span className="spinner" role="img" aria-label="Loading older messages" />
      ) : (
        view.status !== 'loading' && <p>The beginning of the conversation</p>
      )}
    </div>
  );
}
