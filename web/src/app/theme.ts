import { readStored, writeStored } from './storage';
import { signal } from './signal';

export type Theme = 'system' | 'light' | 'dark';

// public/app/theme.js reads the same key before the first paint.
const key = 'caravan.theme';

function stored(): Theme {
  const value = readStored(key);
  return value === 'light' || value === 'dark' ? value : 'system';
}

export const theme = signal<Theme>(stored());

export function setTheme(value: Theme): void {
  writeStored(key, value === 'system' ? null : value);
  theme.set(value);
  apply(value);
}

function apply(value: Theme): void {
  if (value === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
  const dark = value === 'dark' || (value === 'system' && systemDark.matches);
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', dark ? '#171918' : '#f7f5f1');
}

const systemDark = matchMedia('(prefers-color-scheme: dark)');
systemDark.addEventListener('change', () => apply(theme.get()));
// Another tab of this browser changed it.
window.addEventListener('storage', (event) => {
  if (event.key !== key) return;
  theme.set(stored());
  apply(theme.get());
});
