import { useEffect } from 'react';
import { useCaravan, useMe } from '../app/caravan';
import { Link } from '../app/Link';
import { paths } from '../app/paths';
import { signOut } from '../app/session';
import { useAction } from '../app/useAction';
import { Avatar } from '../ui/Avatar';
import { Icon } from '../ui/Icon';
import { PaneHeader } from '../ui/PaneHeader';
import { ProblemNote } from '../ui/ProblemNote';
import { NotificationSetting } from './NotificationSetting';
import { PasswordForm } from './PasswordForm';
import { ProfileForm } from './ProfileForm';
import { ShortcutList } from './ShortcutList';
import { ThemeSwitch } from './ThemeSwitch';

export function SettingsPage() {
  const caravan = useCaravan();
  const me = useMe();
  const logout = useAction(() => signOut(caravan));
  // Who has become an admin since the log-in finds the way from here.
  useEffect(() => void caravan.refreshProfile().catch(() => {}), [caravan]);
  if (!me) return null;
  return (
    <main className="page" aria-label="Settings">
      <PaneHeader title="Settings" back={paths.home} />
      <div className="page-body settings">
        <section className="settings-who">
          <Avatar name={me.display_name} seed={me.id} size="huge" />
          <div>
            <p className="who-name">{me.display_name}</p>
            <p className="who-username">@{me.username}</p>
          </div>
        </section>
        <ProfileForm key={me.id} me={me} />
        <section className="settings-group" aria-labelledby="appearance">
          <h2 id="appearance">Appearance</h2>
          <ThemeSwitch />
        </section>
        <NotificationSetting />
        <PasswordForm username={me.username} />
        <ShortcutList />
        {me.admin && (
          <section className="settings-group" aria-labelledby="administration">
            <h2 id="administration">Administration</h2>
            <p className="settings-note">What Firestore has cost, and what other designs would have cost.</p>
            <Link href={paths.bill} className="button">What it costs</Link>
          </section>
        )}
        <section className="settings-group" aria-labelledby="session">
          <h2 id="session">This device</h2>
          <p className="settings-note">Logging out removes your messages, drafts and anything unsent from this browser.</p>
          <ProblemNote problem={logout.problem} />
          <button type="button" className="button danger" onClick={() => void logout.run()} disabled={logout.pending}>
            <Icon name="logout" size={20} /> {logout.pending ? 'Logging out…' : 'Log out'}
          </button>
        </section>
      </div>
    </main>
  );
}
