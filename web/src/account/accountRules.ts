// The server's limits, checked while typing: a no that comes before the question is kinder.
import { countScalars } from '../text/scalars';

export function usernameError(username: string): string | null {
  if (/[^a-z0-9_.-]/.test(username)) return 'Only letters a–z, digits, dot, dash and underscore.';
  if (username.length < 3) return 'At least 3 characters.';
  if (username.length > 32) return 'At most 32 characters.';
  return null;
}

export function passwordError(password: string): string | null {
  const length = countScalars(password);
  if (length < 8) return 'At least 8 characters.';
  if (length > 256) return 'At most 256 characters.';
  return null;
}

export function displayNameError(name: string): string | null {
  const length = countScalars(name.trim());
  if (length === 0) return 'At least one character.';
  if (length > 64) return 'At most 64 characters.';
  return null;
}
