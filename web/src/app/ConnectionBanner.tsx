import { useConnection } from './caravan';
import { useDelayed } from './environment';
import { Icon } from '../ui/Icon';

/** Says so when nothing goes through. A short hiccup is not worth a word. */
export function ConnectionBanner() {
  const connection = useConnection();
  const offline = useDelayed(connection === 'offline', 300);
  const replaced = useDelayed(connection === 'replaced', 300);
  const waiting = useDelayed(connection === 'reconnecting' || connection === 'connecting', 3000);
  return (
    <div role="status" aria-label="Connection">
      {offline && (
        <div className="connection-banner offline">
          <Icon name="offline" size={20} />
          <span><strong>You’re offline.</strong> What you write is kept and sent when you’re back.</span>
        </div>
      )}
      {replaced && (
        <div className="connection-banner">
          <span><strong>Caravan is in use in another window.</strong> Click to use it here.</span>
        </div>
      )}
      {!offline && !replaced && waiting && (
        <div className="connection-banner">
          <span className="spinner" aria-hidden="true" />
          <span>{connection === 'connecting' ? 'Connecting…' : 'Reconnecting…'}</span>
        </div>
      )}
    </div>
  );
}
