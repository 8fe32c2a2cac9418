import { useState, type FormEvent } from 'react';
import type { User } from '../client/types';
import { useCaravan } from '../app/caravan';
import { useAction } from '../app/useAction';
import { Field } from '../ui/Field';
import { ProblemNote } from '../ui/ProblemNote';
import { displayNameError } from './accountRules';

export function ProfileForm({ me }: { me: User }) {
  const caravan = useCaravan();
  const [name, setName] = useState(me.display_name);
  const [saved, setSaved] = useState(false);
  const save = useAction(() => caravan.updateProfile(name.trim()));
  const error = displayNameError(name);
  const changed = name.trim() !== me.display_name;

  async function submitted(event: FormEvent) {
    event.preventDefault();
    if (!error && changed) setSaved(await save.run());
  }

  return (
    <section className="settings-group" aria-labelledby="profile">
      <h2 id="profile">Profile</h2>
      <form onSubmit={(event) => void submitted(event)} className="form">
        <Field label="Display name" name="name" value={name} autoComplete="name" error={error}
          onValue={(value) => { setName(value); setSaved(false); }} />
        <ProblemNote problem={save.problem} />
        <div className="form-actions">
          <button className="button" disabled={!changed || !!error || save.pending}>Save name</button>
          <span role="status" className="saved">{saved && 'Saved.'}</span>
        </div>
      </form>
    </section>
  );
}
