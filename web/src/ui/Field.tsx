import { useId, useState, type InputHTMLAttributes, type ReactNode } from 'react';
import { Icon } from './Icon';

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  label: string;
  value: string;
  onValue: (value: string) => void;
  hint?: ReactNode;
  /** What is wrong with the value; shown in place of the hint. */
  error?: string | false | null | undefined;
  optional?: boolean;
}

export function Field({ label, value, onValue, hint, error, optional, type = 'text', ...rest }: Props) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const password = type === 'password';
  const described = error || hint ? `${id}-note` : undefined;
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {optional && <span className="optional"> optional</span>}
      </label>
      <div className="field-box">
        <input
          {...rest}
          id={id}
          type={password && shown ? 'text' : type}
          value={value}
          onChange={(event) => onValue(event.target.value)}
          aria-invalid={error ? true : undefined}
          aria-describedby={described}
        />
        {password && (
          <button type="button" className="icon-button reveal" onClick={() => setShown(!shown)}
            aria-label={`Show ${label.toLowerCase()}`} aria-pressed={shown}>
            <Icon name={shown ? 'eyeOff' : 'eye'} size={20} />
          </button>
        )}
      </div>
      {described && <p id={described} className={error ? 'field-note error' : 'field-note'}>{error || hint}</p>}
    </div>
  );
}
