import { describe, expect, test } from 'vitest';
import { fitPeriod, parsePeriod, periodText, spanOf, stepPeriod } from './period.ts';
import { withQuery } from './query.ts';

const today = '2026-11-19';

describe('a period in the URL', () => {
  test.each(['2026-11-19', '2026-11', '2026-11-01..2026-11-08'])('%s survives', (text) => {
    const period = parsePeriod(text);
    expect(period && periodText(period)).toBe(text);
  });

  test.each(['', '2026', '2026-13', '2026-02-30', '2026-11-08..2026-11-01', 'today', '2026-11-01..'])(
    '%s is none',
    (text) => {
      expect(parsePeriod(text)).toBeNull();
    },
  );
});

describe('what a page shows of it', () => {
  test('a day page shows its last day, never tomorrow', () => {
    expect(fitPeriod(parsePeriod('2026-11'), 'day', today)).toEqual({ kind: 'day', date: today });
    expect(fitPeriod(parsePeriod('2026-02'), 'day', today)).toEqual({ kind: 'day', date: '2026-02-28' });
  });

  test('a month page shows its month', () => {
    expect(fitPeriod(parsePeriod('2026-10-03'), 'month', today)).toEqual({ kind: 'month', month: '2026-10' });
    expect(fitPeriod(null, 'month', today)).toEqual({ kind: 'month', month: '2026-11' });
  });

  test('bills show the last twelve whole months until a span is chosen', () => {
    expect(fitPeriod(null, 'months', today)).toEqual({ kind: 'range', from: '2025-11-01', to: '2026-10-31' });
    expect(fitPeriod(parsePeriod('2026-01-15..2026-03-02'), 'months', today)).toEqual({
      kind: 'range',
      from: '2026-01-01',
      to: '2026-03-31',
    });
  });

  test('explore shows the last seven days until a period is chosen', () => {
    expect(fitPeriod(null, 'range', today)).toEqual({ kind: 'range', from: '2026-11-13', to: today });
  });
});

describe('the neighbouring period', () => {
  test.each([
    ['2026-03-01', '2026-02-28', '2026-03-02'],
    ['2026-01', '2025-12', '2026-02'],
    ['2026-11-08..2026-11-14', '2026-11-01..2026-11-07', '2026-11-15..2026-11-21'],
    ['2026-01-01..2026-03-31', '2025-12-01..2026-02-28', '2026-02-01..2026-04-30'],
  ])('of %s', (text, before, after) => {
    const period = parsePeriod(text);
    if (!period) throw new Error('no period');
    expect(periodText(stepPeriod(period, -1))).toBe(before);
    expect(periodText(stepPeriod(period, 1))).toBe(after);
  });
});

test('a leap month ends on its 29th', () => {
  expect(spanOf({ kind: 'month', month: '2028-02' }).to).toBe('2028-02-29');
});

test('a query keeps what it is not asked to change', () => {
  expect(withQuery('period=2026-11&site=a', { site: null, view: 'rules' })).toBe(
    '?period=2026-11&view=rules',
  );
  expect(withQuery('', { meters: '1,2' })).toBe('?meters=1,2');
  expect(withQuery('a=1', { a: null })).toBe('');
});
