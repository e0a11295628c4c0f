import { describe, expect, test } from 'vitest';
import { localInstants, localText } from './local-instant.ts';

const iso = (zone: string, text: string): string[] =>
  localInstants(zone, text).map((at) => new Date(at).toISOString());

describe('an instant from the wall clock', () => {
  test('an ordinary time is one instant', () => {
    expect(iso('Europe/Paris', '2026-11-19T14:20')).toEqual(['2026-11-19T13:20:00.000Z']);
    expect(iso('Asia/Kolkata', '2026-11-19T05:30')).toEqual(['2026-11-19T00:00:00.000Z']);
  });

  test('a time that the clock skips is none', () => {
    expect(iso('Europe/Paris', '2026-03-29T02:30')).toEqual([]);
    expect(iso('Europe/Paris', '2026-03-29T03:00')).toEqual(['2026-03-29T01:00:00.000Z']);
  });

  test('a time that comes twice is two', () => {
    expect(iso('Europe/Paris', '2026-10-25T02:30')).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ]);
    expect(iso('Australia/Lord_Howe', '2026-04-05T01:45')).toHaveLength(2);
  });

  test('text that is no date is none', () => {
    for (const text of ['', '2026-02-30T10:00x', '2026-13-01T00:00', '19/11/2026'])
      expect(iso('UTC', text)).toEqual([]);
  });

  test('goes back to the text of the input', () => {
    expect(localText('Europe/Paris', Date.parse('2026-11-19T13:20:42Z'))).toBe('2026-11-19T14:20');
  });
});
