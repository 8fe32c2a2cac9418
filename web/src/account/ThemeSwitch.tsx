import { useLive } from '../app/caravan';
import { setTheme, theme, type Theme } from '../app/theme';

const choices: [Theme, string][] = [['system', 'System'], ['light', 'Light'], ['dark', 'Dark']];

export function ThemeSwitch() {
  const current = useLive(theme);
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">Theme</legend>
      {choices.map(([value, label]) => (
        <label key={value} className="segment">
          <input type="radio" name="theme" value={value} checked={current === value} onChange={() => setTheme(value)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
