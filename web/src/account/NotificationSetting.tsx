import { useLive } from '../app/caravan';
import { notificationChoice, turnNotificationsOff, turnNotificationsOn } from '../app/notifications';

const notes = {
  unsupported: 'This browser can’t show notifications.',
  blocked: 'Your browser blocks them for this site. Allow them in its site settings first.',
  unasked: 'Hear about new messages when Caravan is in the background.',
  off: 'Hear about new messages when Caravan is in the background.',
  on: 'You hear about new messages, except for the chat you are looking at.',
};

export function NotificationSetting() {
  const choice = useLive(notificationChoice);
  const possible = choice !== 'unsupported' && choice !== 'blocked';
  return (
    <section className="settings-group" aria-labelledby="notifications">
      <h2 id="notifications">Notifications</h2>
      <label className="toggle">
        <span className="toggle-text">
          <span>Show notifications</span>
          <span className="settings-note">{notes[choice]}</span>
        </span>
        <input type="checkbox" role="switch" checked={choice === 'on'} disabled={!possible}
          onChange={(event) => (event.target.checked ? void turnNotificationsOn() : turnNotificationsOff())} />
      </label>
    </section>
  );
}
