import { describe, expect, it } from 'vitest';
import { checkRows, type MapRow, meaningOf } from './map-rows.ts';

const about = { maker: 'x', title: 'x', wordOrder: 'highFirst' } as const;
const row: MapRow = {
  id: 1,
  address: '8192',
  type: 'Unsigned long',
  scale: '1',
  unit: 'mV',
  measurand: 'voltage_l1_n_v',
  missing: 'FFFFFFFF',
  example: '0003 9918',
};

describe('a register map that is typed', () => {
  it('is read like the table of a file', () => {
    const checked = checkRows([row], about);
    expect(checked.ok && checked.profile.points).toMatchObject([
      { address: 8192, type: 'u32', measurand: 'voltage_l1_n_v', scale: { divide: 1000 } },
    ]);
    expect(checkRows([{ ...row, unit: 'kW' }], about)).toMatchObject({
      ok: false,
      errors: [{ row: 2, field: 'unit' }],
    });
  });

  it('says what words mean by it', () => {
    expect(meaningOf(row, about)).toEqual({ value: 235.8, unit: 'V' });
    expect(meaningOf({ ...row, example: 'FFFF FFFF' }, about)).toEqual({ value: null, unit: 'V' });
    expect(meaningOf({ ...row, example: 'x' }, about)).toBeUndefined();
    expect(meaningOf({ ...row, measurand: '', unit: '', missing: '', example: '12' }, about)).toEqual({
      value: 12,
      unit: '',
    });
  });
});
