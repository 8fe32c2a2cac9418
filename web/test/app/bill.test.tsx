// @vitest-environment happy-dom
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { fakeBill } from '../../dev/fake/bill';
import { CaravanContext } from '../../src/app/caravan';
import { parsePath } from '../../src/app/paths';
import BillPage from '../../src/bill/BillPage';
import { dayName, hoursToday, isEmpty, monthName, pace, scale } from '../../src/bill/billFigures';
import type { Bill, Caravan } from '../../src/client/types';
import { count, dollars, share } from '../../src/text/figures';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

describe('figures', () => {
  test.each([[0, '$0.00'], [7.1, '$7.10'], [1234.567, '$1,234.57'], [0.326, '$0.326'], [0.75, '$0.75'], [0.000975, '$0.000975'], [0.0000012, '$0.0000012'], [Number.NaN, '–']])('%d dollars', (value, text) => {
    expect(dollars(value)).toBe(text);
  });
  it('counts and shares', () => {
    expect([count(1234567), share(1, 3), share(1, 0)]).toEqual(['1,234,567', '33.3%', '0%']);
  });
  it('names days and months', () => {
    expect([dayName('2026-11-08'), monthName('2026-11')]).toEqual(['8 Nov', 'November 2026']);
  });
  test.each([[0, 1], [0.0013, 0.0015], [1.27, 1.5], [0.9, 1], [7.2, 8], [40, 40]])('the scale up to %d ends at %d', (value, top) => {
    const found = scale(value);
    expect(found.top).toBeCloseTo(top, 9);
    expect(found.marks.length).toBeLessThanOrEqual(5);
  });
  it('counts the hours of Firestore’s day, and says nothing of its first minutes', () => {
    expect(hoursToday(Date.UTC(2026, 10, 28, 20))).toBe(12);
    expect(pace(0.5, Date.UTC(2026, 10, 28, 20))).toEqual({ perHour: 0.5 / 12, byMidnight: 1 });
    expect(pace(0.5, Date.UTC(2026, 10, 28, 8, 5))).toBeNull();
  });
  it('knows when there is nothing to show', () => {
    expect(isEmpty(fakeBill('empty'))).toBe(true);
    expect(isEmpty(fakeBill('full'))).toBe(false);
  });
  it('has an address', () => {
    expect(parsePath('/app/bill')).toEqual({ name: 'bill' });
  });
});

describe('the page', () => {
  let place: HTMLElement;
  let root: Root;
  beforeEach(() => {
    place = document.createElement('div');
    document.body.append(place);
    root = createRoot(place);
  });
  afterEach(async () => {
    await act(async () => root.unmount());
    place.remove();
  });
  const show = (bill: () => Promise<Bill>) =>
    act(async () => root.render(<CaravanContext value={{ bill } as unknown as Caravan}><BillPage /></CaravanContext>));

  it('shows the money, a chart that says what it shows, and the same as a table', async () => {
    await show(async () => fakeBill('full'));
    expect(place.textContent).toContain('$7.10');
    expect(place.textContent).toContain('43.4% of today’s $0.75');
    expect(place.textContent).toContain('Caravan saves 67.5% of it');
    expect(place.querySelector('svg[role="img"]')?.getAttribute('aria-label')).toContain('over 28 days');
    expect(place.querySelectorAll('details tbody tr')).toHaveLength(28);
  });

  it('says so when nothing was spent, and when Firestore is not in use', async () => {
    await show(async () => fakeBill('empty'));
    expect(place.textContent).toContain('Nothing spent yet');
    await act(async () => root.unmount());
    root = createRoot(place);
    await show(async () => fakeBill('off'));
    expect(place.textContent).toContain('Firestore is not in use');
  });

  it('says that the budget is spent', async () => {
    await show(async () => ({ ...fakeBill('full'), takes_leases: false, pressure: 1 }));
    expect(place.textContent).toContain('served by the event stream until the day turns');
  });

  it('offers another try after a failure, and none to who is no admin', async () => {
    const bill = vi.fn().mockRejectedValueOnce(Object.assign(new Error(), { problem: { code: 'unavailable', status: 503, detail: '' } })).mockResolvedValue(fakeBill('full'));
    await show(bill);
    expect(place.textContent).toContain('busy right now');
    await act(async () => place.querySelector<HTMLButtonElement>('.bill-refused button')?.click());
    expect(place.textContent).toContain('$7.10');
    await act(async () => root.unmount());
    root = createRoot(place);
    await show(async () => fakeBill('forbidden'));
    expect(place.textContent).toContain('for admins only');
    expect(place.querySelector('.bill-refused button')).toBeNull();
  });
});
