import { measurandOf } from '@wattproof/energy';
import { describe, expect, it, test } from 'vitest';
import { contoRows, jbusRows, type MapRow, nemoRows } from '../test/published-maps.ts';
import { findProfile } from './catalogue.ts';
import { columnsOf } from './column.ts';
import { decode } from './decode.ts';

/** Ratios of the Nemo: CT 1, VT 1.0. */
const ratios = new Map([
  [0x1200, 1],
  [0x1201, 10],
]);

function wordsFor([address, words]: MapRow, raw: number): ReadonlyMap<number, number> {
  const content = raw >>> 0;
  return new Map([
    ...ratios,
    ...(words === 1
      ? [[address, content & 0xffff] as const]
      : [[address, content >>> 16] as const, [address + 1, content & 0xffff] as const]),
    // Signs of the Nemo's powers: all positive; the Conto's too.
    ...[0x101a, 0x101b, 0x1032, 0x1033, 0x1034, 0x103b, 0x103c, 0x103d, 0x2006].map((a) => [a, 0] as const),
  ]);
}

describe.each([
  ['socomec-jbus', jbusRows],
  ['ime-nemo-96hd', nemoRows],
  ['ime-conto-d2', contoRows],
] as const)('%s against its maker’s table', (id, rows) => {
  const profile = findProfile(id);
  if (!profile) throw new Error(`no profile ${id}`);

  test.each(rows.map((row) => ({ measurand: row[3], row })))('$measurand', ({ measurand, row }) => {
    const [, words, step, , signed] = row;
    const isFactor = measurand.startsWith('power_factor');
    const raw = isFactor ? 1 / step / 2 : words === 2 ? 1_234_567 : 4321;
    const { values, exceptions } = decode(profile, { words: wordsFor(row, raw) });
    expect(values[measurand]).toBeCloseTo(raw * step, 6);
    expect(exceptions[measurand]).toBeUndefined();
    if (signed) {
      const negative = decode(profile, { words: wordsFor(row, -raw) });
      expect(negative.values[measurand]).toBeCloseTo(-raw * step, 6);
    }
    if (measurandOf(measurand).kind === 'counter') expect(Number.isInteger(values[measurand])).toBe(true);
  });

  it('has no measurand that the table does not name', () => {
    expect(
      columnsOf(profile, {})
        .map((c) => c.measurand)
        .sort(),
    ).toEqual(rows.map(([, , , measurand]) => measurand).sort());
  });
});
