import { useState, type FormEvent } from 'react';
import type { Problem } from '../client/types';
import { useCaravan } from '../app/caravan';
import { useAction } from '../app/useAction';
import { Field } from '../ui/Field';
import { ProblemNote } from '../ui/ProblemNote';
import { passwordError } from './accountRules';

export function PasswordForm({ username }: { username: string }) {
  const caravan = useCaravan();
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const [tried, setTried] = useState(false);
  const [done, setDone] = useState(false);
  const change = useAction(() => caravan.changePassword(old, next));
  const error = passwordError(next);

  async function submitted(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (error || !old) return;
    if (!(await change.run())) return;
    setOld('');
    setNext('');
    setTried(false);
    setDone(true);
  }

  const edit = (set: (value: string) => void) => (value: string) => {
    set(value);
    setDone(false);
  };
  return (
    <section className="settings-group" aria-labelledby="password">
      <h2 id="password">Password</h2>
      <form onSubmit={(event) => void submitted(event)} className="form" noValidate>
        {/* Tells password managers whose password this is. */}
        <input className="visually-hidden" type="text" name="username" autoComplete="username" value={username} readOnly
          tabIndex={-1} aria-hidden="true" />
        <Field label="Current password" type="password" value={old} onValue={edit(setOld)} autoComplete="current-password"
          error={tried && !old && 'Needed to make sure it’s you.'} />
        <Field label="New password" type="password" value={next} onValue={edit(setNext)} autoComplete="new-password"
          hint="At least 8 characters. Your other devices will be logged out." error={tried && error} />
        <ProblemNote problem={wording(change.problem)} />
        <div className="form-actions">
          <button className="button" disabled={change.pending}>Change password</button>
          <span role="status" className="saved">{done && 'Changed. Other devices are logged out.'}</span>
        </div>
      </form>
    </section>
  );
}

/** Here there is no username that could be the wrong one. */
function wording(problem: Problem | null): Problem | null {
  if (problem?.code !== 'invalid_credentials') return problem;
  return { ...problem, code: 'invalid_request', detail: 'That is not your current password.' };
}
