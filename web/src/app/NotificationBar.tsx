import { useLive } from './caravan';
import { hasConversed, notificationChoice, turnNotificationsOff, turnNotificationsOn } from './notifications';
import { Icon } from '../ui/Icon';

/** Asks once, quietly, and only after a first message has gone or come: before that there is nothing to be told about. */
export function NotificationBar() {
  const choice = useLive(notificationChoice);
  const conversed = useLive(hasConversed);
  if (choice !== 'unasked' || !conversed) return null;
  return (
    <section className="notification-bar" aria-label="Notifications">
      <Icon name="bell" size={20} />
      <p>Hear about new messages when you’re elsewhere?</p>
      <div className="notification-actions">
        <button type="button" className="button small primary" onClick={() => void turnNotificationsOn()}>Turn on</button>
        <button type="button" className="button small quiet" onClick={turnNotificationsOff}>Not now</button>
      </div>
    </section>
  );
}
