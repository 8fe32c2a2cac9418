import { useState, type FormEvent } from 'react';
import { useCaravan } from '../app/caravan';
import { Link } from '../app/Link';
import { paths } from '../app/paths';
import { useAction } from '../app/useAction';
import { Field } from '../ui/Field';
import { ProblemNote, useWait } from '../ui/ProblemNote';
import { AccountPage } from './AccountPage';

export function LoginPage({ expired }: { expired: boolean }) {
  const caravan = useCaravan();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const login = useAction(() => caravan.login(username.trim().toLowerCase(), password));
  const wait = useWait(login.problem);

  function submitted(event: FormEvent) {
    event.preventDefault();
    void login.run();
  }

  const lead = expired ? 'Your session has ended. Log in again to go on.' : 'Log in to pick up where you left off.';
  return (
    <AccountPage title="Welcome to Caravan" lead={lead}>
      <form onSubmit={submitted} className="form">
        <Field label="Username" name="username" value={username} onValue={setUsername} required maxLength={32}
          autoComplete="username" autoCapitalize="none" autoCorrect="off" spellCheck={false} />
        <Field label="Password" name="password" type="password" value={password} onValue={setPassword} required
          autoComplete="current-password" />
        <ProblemNote problem={login.problem} />
        <button className="button primary wide" disabled={login.pending || wait > 0}>
          {login.pending ? 'Logging in…' : 'Log in'}
        </button>
      </form>
      <p className="switch">New here? <Link href={paths.register}>Create an account</Link></p>
    </AccountPage>
  );
}
