import { commandKey } from '../app/shortcuts';

const shortcuts: [string[], string][] = [
  [[commandKey, 'K'], 'Find people and chats'],
  [['Alt', '↑'], 'Previous chat'],
  [['Alt', '↓'], 'Next chat'],
  [['Enter'], 'Send'],
  [['Shift', 'Enter'], 'New line'],
  [['Esc'], 'Close or go back'],
];

export function ShortcutList() {
  return (
    <section className="settings-group shortcuts" aria-labelledby="keys">
      <h2 id="keys">Keyboard</h2>
      <dl>
        {shortcuts.map(([keys, what]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{keys.map((name) => <kbd key={name}>{name}</kbd>)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
