import { createMeterEvent, type MeterEvent } from '@wattproof/contracts/api';
import { describe, expect, test } from 'vitest';
import { draftOfDetected, type EventDraft, emptyDraft, readDraft } from './event-draft.ts';

const zone = 'Europe/Paris';
const now_ms = Date.parse('2026-11-22T20:00:00Z');
const main = 'active_energy_import_wh';
const draft = (changes: Partial<EventDraft>): EventDraft => ({
  ...emptyDraft([main, 'operating_time_s'], zone, now_ms),
  at: '2026-11-19T14:20',
  counters: [
    { measurand: main, closing: '12 345,6', opening: '0' },
    { measurand: 'operating_time_s', closing: '', opening: '' },
  ],
  ...changes,
});

describe('an event as it is typed', () => {
  test('becomes what the contract asks for, in base units', () => {
    const read = readDraft(draft({ serialNumber: ' A-17 ', note: ' swapped ' }), zone, now_ms);
    expect(read).toEqual({
      ok: true,
      event: {
        kind: 'replacement',
        at: '2026-11-19T13:20:00.000Z',
        counters: [{ measurand: main, closingIndex: 12_345_600, openingIndex: 0 }],
        note: 'swapped',
        serialNumber: 'A-17',
      },
    });
    if (read.ok) expect(createMeterEvent.safeParse(read.event).success).toBe(true);
  });

  test('keeps an unknown closing index unknown', () => {
    const read = readDraft(
      draft({ kind: 'reset', counters: [{ measurand: main, closing: '', opening: '0' }] }),
      zone,
      now_ms,
    );
    expect(read.ok && read.event.counters).toEqual([
      { measurand: main, closingIndex: null, openingIndex: 0 },
    ]);
  });

  test('names each field that cannot be read', () => {
    const read = readDraft(
      draft({
        kind: 'ratioChange',
        at: '2026-03-29T02:30',
        ratioBefore: '20',
        ratioAfter: '-1',
        counters: [{ measurand: main, closing: 'abc', opening: '1.2345' }],
      }),
      zone,
      now_ms,
    );
    expect(read).toEqual({
      ok: false,
      problems: {
        at: 'skipped',
        ratioAfter: 'ratio',
        [`closing.${main}`]: 'index',
        [`opening.${main}`]: 'index',
      },
    });
    expect(readDraft(draft({ at: '2027-01-01T00:00' }), zone, now_ms)).toEqual({
      ok: false,
      problems: { at: 'future' },
    });
    expect(
      readDraft(draft({ counters: [{ measurand: main, closing: '', opening: '' }] }), zone, now_ms),
    ).toEqual({
      ok: false,
      problems: { [`opening.${main}`]: 'noCounter' },
    });
  });

  test('tells the two hours apart when the clock goes back', () => {
    const at = (isSecond: boolean): string | false => {
      const read = readDraft(draft({ at: '2026-10-25T02:30', isSecond }), zone, now_ms);
      return read.ok && read.event.at;
    };
    expect(at(false)).toBe('2026-10-25T00:30:00.000Z');
    expect(at(true)).toBe('2026-10-25T01:30:00.000Z');
  });

  test('is filled from what was found, and explains it', () => {
    const detected: MeterEvent = {
      id: '4a3c1a6e-0000-4000-8000-000000000001',
      kind: 'reset',
      at: '2026-10-25T01:30:00Z',
      origin: 'detected',
      counters: [{ measurand: main, closingIndex: 999_990, openingIndex: 15 }],
      note: '',
      serialNumberBefore: null,
      serialNumberAfter: null,
      ratioBefore: null,
      ratioAfter: null,
      createdAt: '2026-10-25T02:00:00Z',
      createdBy: null,
    };
    const read = readDraft(draftOfDetected(detected, [main], zone), zone, now_ms);
    expect(read).toEqual({
      ok: true,
      event: {
        kind: 'reset',
        at: '2026-10-25T01:30:00.000Z',
        counters: [{ measurand: main, closingIndex: 999_990, openingIndex: 15 }],
        note: '',
        confirms: detected.id,
      },
    });
  });
});
