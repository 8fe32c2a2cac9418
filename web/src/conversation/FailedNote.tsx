import type { Conversation, ShownMessage } from '../client/types';
import { problemText } from '../app/problems';
import { useWait } from '../ui/ProblemNote';

/** Under a message the server would not take: why, and the two ways on. */
export function FailedNote({ message, conversation }: { message: ShownMessage; conversation: Conversation }) {
  const left = useWait(message.problem);
  const why = message.problem ? problemText(message.problem, left).replace(/ Try again\.$/, '') : '';
  return (
    <div className="failed-note">
      <p>Not sent. {why}</p>
      <button type="button" className="text-button" disabled={left > 0} onClick={() => conversation.retry(message.localId)}>Retry</button>
      <button type="button" className="text-button danger" onClick={() => conversation.discard(message.localId)}>Discard</button>
    </div>
  );
}
