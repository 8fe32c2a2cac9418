// Times as people say them. `now` and the locale are arguments, so that tests need no clock.

/** The interface speaks English; a browser in another language would mix two in one line. */
export const locale = typeof navigator !== 'undefined' && navigator.language.startsWith('en') ? navigator.language : 'en-GB';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: number, key: string, options: Intl.DateTimeFormatOptions, language: string): string {
  const id = `${language} ${key}`;
  let formatter = formats.get(id);
  if (!formatter) formats.set(id, (formatter = new Intl.DateTimeFormat(language, options)));
  return formatter.format(at);
}

/** Local midnight of the day `at` falls on, in milliseconds since 1970: what tells two days apart. */
export function startOfDay(at: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** Whole local days from `at` to `now`; rounding takes in the 23 and 25 hour days. */
export function daysAgo(at: number, now: number): number {
  return Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000);
}

export function clockTime(at: number, language = locale): string {
  return format(at, 'time', { hour: '2-digit', minute: '2-digit' }, language);
}

/** For the chat list: short, and the less precise the longer ago. */
export function listTime(at: number, now: number, language = locale): string {
  const days = daysAgo(at, now);
  if (days <= 0) return clockTime(at, language);
  if (days === 1) return 'Yesterday';
  if (days < 7) return format(at, 'weekday', { weekday: 'short' }, language);
  if (sameYear(at, now)) return format(at, 'day', { day: 'numeric', month: 'short' }, language);
  return format(at, 'date', { day: '2-digit', month: '2-digit', year: '2-digit' }, language);
}

/** For the line between two days of a conversation. */
export function dayLabel(at: number, now: number, language = locale): string {
  const days = daysAgo(at, now);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days > 1 && days < 7) return format(at, 'longWeekday', { weekday: 'long' }, language);
  if (sameYear(at, now)) return format(at, 'longDay', { weekday: 'short', day: 'numeric', month: 'long' }, language);
  return format(at, 'longDate', { day: 'numeric', month: 'long', year: 'numeric' }, language);
}

export function fullTime(at: number, language = locale): string {
  return format(at, 'full', { dateStyle: 'full', timeStyle: 'short' }, language);
}

function sameYear(a: number, b: number): boolean {
  return new Date(a).getFullYear() === new Date(b).getFullYear();
}
