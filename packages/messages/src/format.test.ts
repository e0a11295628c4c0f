import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatDuration,
  formatInstant,
  formatLocalDate,
  formatMeasurand,
  formatMoney,
  formatNumber,
  formatPercent,
  formatQuantity,
  negotiateLocale,
  quantityText,
  unitScaleOf,
} from './index.ts';

describe('numbers', () => {
  test.each([
    ['en', 1234567.891, '1\u202f234\u202f567.89'],
    ['fr', 1234567.891, '1\u202f234\u202f567,89'],
    ['de', -1234.5, '\u22121\u202f234,5'],
    ['es', -0.001, '0'],
  ] as const)('%s %d', (locale, value, text) => {
    expect(formatNumber(locale, value)).toBe(text);
  });

  test('decimal text keeps digits that a binary number would lose', () => {
    expect(formatNumber('en', '9007199254740993.01', { decimals: 2 })).toBe(
      '9\u202f007\u202f199\u202f254\u202f740\u202f993.01',
    );
  });

  test('a sign where asked, none for zero', () => {
    expect(formatNumber('en', 37, { signed: true })).toBe('+37');
    expect(formatNumber('en', 0, { signed: true })).toBe('0');
  });
});

describe('quantities', () => {
  test.each([
    [512, '0.51', 'kWh'],
    [8_015_000, '8\u202f015', 'kWh'],
    [226_400_000, '226.4', 'MWh'],
    [15_640_000_000, '15\u202f640', 'MWh'],
    [361_000_000_000, '361.0', 'GWh'],
  ])('%d Wh', (wh, value, unit) => {
    expect(formatQuantity('en', wh, 'Wh')).toEqual({ value, unit });
  });

  test('a column keeps one unit', () => {
    const scale = unitScaleOf('W', 742_000);
    expect(formatQuantity('fr', 950, 'W', { scale, decimals: 1 })).toEqual({ value: '1,0', unit: 'kW' });
  });

  test('measurands read in the unit of the registry', () => {
    expect(quantityText(formatMeasurand('en', 231.24, 'voltage_l1_n_v'))).toBe('231.2\u00a0V');
    expect(quantityText(formatMeasurand('en', 0.943, 'power_factor'))).toBe('0.94');
    expect(quantityText(formatMeasurand('fr', 91_000_000_000, 'production_g'))).toBe('91\u202f000\u00a0t');
  });

  test('shares', () => {
    expect(quantityText(formatPercent('en', -0.063, { signed: true }))).toBe('\u22126.3\u00a0%');
  });
});

describe('money', () => {
  test('stands where the language puts it, a space apart', () => {
    const value = { amount: '1812.40', currency: 'EUR' };
    expect(formatMoney('en', value)).toBe('€\u00a01\u202f812');
    expect(formatMoney('fr', value, { decimals: 2 })).toBe('1\u202f812,40\u00a0€');
    expect(formatMoney('en', { amount: '-0.5', currency: 'EUR' }, { decimals: 2 })).toBe('\u2212€\u00a00.50');
  });

  test('keeps cents that a binary number would lose', () => {
    expect(formatMoney('en', { amount: '90071992547409.93', currency: 'EUR' }, { decimals: 2 })).toBe(
      '€\u00a090\u202f071\u202f992\u202f547\u202f409.93',
    );
  });
});

describe('dates', () => {
  test('are those of the site, through both changes of the clock', () => {
    expect(formatInstant('en', 'Europe/Paris', '2026-03-29T01:30:00Z', 'time')).toBe('03:30');
    expect(formatInstant('en', 'Europe/Paris', '2026-10-25T01:30:00Z', 'time')).toBe('02:30');
    expect(formatInstant('en', 'Europe/Paris', '2026-11-19T23:30:00Z', 'date')).toBe('20 Nov 2026');
  });

  test('read evenly', () => {
    expect(formatInstant('en', 'UTC', '2026-11-19T14:20:07Z', 'day')).toBe('Thu 19 Nov 2026');
    expect(formatInstant('en', 'UTC', '2026-09-01T00:05:00Z', 'dateTimeShort')).toBe('1 Sep, 00:05');
    expect(formatLocalDate('fr', '2026-11', 'month')).toBe('novembre 2026');
    expect(formatLocalDate('en', '2026-09', 'month')).toBe('September 2026');
  });
});

test.each([
  [0.2, '0\u00a0s'],
  [-5, '0\u00a0s'],
  [100, '1\u00a0min 40\u00a0s'],
  [8160, '2\u00a0h 16\u00a0min'],
  [3600, '1\u00a0h'],
  [273_600, '3\u00a0d 4\u00a0h'],
])('%d s lasts', (seconds, text) => {
  expect(formatDuration('en', seconds)).toBe(text);
});

test.each([
  ['fr-FR,fr;q=0.9,en;q=0.8', 'fr'],
  ['it, de;q=0.5, en;q=0.4', 'de'],
  ['en;q=0.2,fr;q=0.7', 'fr'],
  ['ja', 'en'],
  [null, 'en'],
])('%s chooses %s', (header, locale) => {
  expect(negotiateLocale(header)).toBe(locale);
});

test('sizes are in decimal units', () => {
  const text = (bytes: number): string => quantityText(formatBytes('en', bytes));
  expect([0, 999, 1260, 1_260_000_000, 4.2e15].map(text)).toEqual([
    '0\u00a0B',
    '999\u00a0B',
    '1.26\u00a0kB',
    '1.26\u00a0GB',
    '4\u202f200\u00a0TB',
  ]);
});
