import { useState, type FormEvent } from 'react';
import { useCaravan } from '../app/caravan';
import { Link } from '../app/Link';
import { paths } from '../app/paths';
import { useAction } from '../app/useAction';
import { Field } from '../ui/Field';
import { ProblemNote, useWait } from '../ui/ProblemNote';
import { AccountPage } from './AccountPage';
import { displayNameError, passwordError, usernameError } from './accountRules';

export function RegisterPage() {
  const caravan = useCaravan();
  const [username, setUsername] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [password, setPassword] = useState('');
  // Errors wait until a field has been left or the form sent: nobody is wrong while still typing.
  const [left, setLeft] = useState<Record<string, boolean>>({});
  const register = useAction(() => caravan.register(username, password, displayName.trim() || undefined));
  const wait = useWait(register.problem);

  const errors = {
    username: usernameError(username),
    displayName: displayName.trim() ? displayNameError(displayName) : null,
    password: passwordError(password),
  };
  const leave = (field: string, value: string) => () => value && setLeft((before) => ({ ...before, [field]: true }));

  function submitted(event: FormEvent) {
    event.preventDefault();
    setLeft({ username: true, displayName: true, password: true });
    if (!errors.username && !errors.displayName && !errors.password) void register.run();
  }

  return (
    <AccountPage title="Join Caravan" lead="Pick a name that people can find you by.">
      <form onSubmit={submitted} className="form" noValidate>
        <Field label="Username" name="username" value={username} required maxLength={32}
          onValue={(value) => setUsername(value.toLowerCase().trim())} onBlur={leave('username', username)}
          autoComplete="username" autoCapitalize="none" autoCorrect="off" spellCheck={false}
          hint="3 to 32 of a–z, 0–9, dot, dash, underscore." error={left.username && errors.username} />
        <Field label="Display name" name="name" value={displayName} onValue={setDisplayName} optional
          onBlur={leave('displayName', displayName)} autoComplete="name"
          hint="What others see. You can change it later." error={left.displayName && errors.displayName} />
        <Field label="Password" name="password" type="password" value={password} onValue={setPassword} required
          onBlur={leave('password', password)} autoComplete="new-password" hint="At least 8 characters."
          error={left.password && errors.password} />
        <ProblemNote problem={register.problem} />
        <button className="button primary wide" disabled={register.pending || wait > 0}>
          {register.pending ? 'Creating your account…' : 'Create account'}
        </button>
      </form>
      <p className="switch">Already with us? <Link href={paths.login}>Log in</Link></p>
    </AccountPage>
  );
}
