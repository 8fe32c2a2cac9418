import type { ShownMessage } from '../client/types';

const names = { sending: 'Sending', sent: 'Sent', read: 'Read', failed: 'Not sent' } as const;

/** A clock, one tick, two ticks, an exclamation mark; drawn small, so not of the general icons. */
export function MessageState({ state }: { state: ShownMessage['state'] }) {
  return (
    <span className={`state ${state}`} role="img" aria-label={names[state]} title={names[state]}>
      <svg viewBox="0 0 18 12" width="18" height="12" aria-hidden="true" focusable="false">
        {state === 'sending' && <><circle cx="12" cy="6" r="4.6" /><path d="M12 3.6V6l1.7 1" /></>}
        {state === 'sent' && <path d="m7.5 6.4 2.8 2.9L16 3" />}
        {state === 'read' && <path d="m2 6.4 2.8 2.9L10.5 3M8.6 8.6l.7.7L15 3" />}
        {state === 'failed' && <><circle cx="12" cy="6" r="4.6" /><path d="M12 3.7v2.7M12 8.2v.1" /></>}
      </svg>
    </span>
  );
}
