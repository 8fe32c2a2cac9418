import { describe, expect, test } from 'vitest';
import { clockTime, dayLabel, daysAgo, listTime, startOfDay } from '../../src/text/time';

const at = (year: number, month: number, day: number, hour = 12, minute = 0) => new Date(year, month - 1, day, hour, minute).getTime();
const now = at(2026, 11, 25, 14, 30);
const language = 'en-GB';

describe('times in words', () => {
  test('the list says the less the longer ago', () => {
    expect(listTime(at(2026, 11, 25, 9, 5), now, language)).toBe('09:05');
    expect(listTime(at(2026, 11, 24, 23, 59), now, language)).toBe('Yesterday');
    expect(listTime(at(2026, 11, 20), now, language)).toBe('Fri');
    expect(listTime(at(2026, 3, 2), now, language)).toBe('2 Mar');
    expect(listTime(at(2024, 3, 2), now, language)).toBe('02/03/24');
  });
  test('a day has a name near by and a date far off', () => {
    expect(dayLabel(now, now, language)).toBe('Today');
    expect(dayLabel(at(2026, 11, 24), now, language)).toBe('Yesterday');
    expect(dayLabel(at(2026, 11, 20), now, language)).toBe('Friday');
    expect(dayLabel(at(2026, 3, 2), now, language)).toMatch(/^Mon,? 2 March$/);
    expect(dayLabel(at(2024, 3, 2), now, language)).toBe('2 March 2024');
  });
  test('a clock of the future, a little ahead, is still today', () => {
    expect(listTime(now + 60_000, now, language)).toBe(clockTime(now + 60_000, language));
  });
  test('days are counted across the ends of months and of summer time', () => {
    expect(daysAgo(at(2026, 10, 24, 23), at(2026, 10, 26, 1))).toBe(2);
    expect(daysAgo(at(2026, 3, 28, 1), at(2026, 3, 30, 23))).toBe(2);
    expect(startOfDay(at(2026, 3, 1, 0, 0))).toBe(startOfDay(at(2026, 3, 1, 23, 59)));
  });
});
