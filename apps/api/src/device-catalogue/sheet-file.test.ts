import { readFileSync } from 'node:fs';
import { readRegisterTable } from '@wattproof/devices';
import { describe, expect, it } from 'vitest';
import { readSheet } from './sheet-file.ts';

// Made with XlsxWriter: deflated parts, shared strings, a rich string, numbers, empty rows, a second sheet.
const workbook = readFileSync(new URL('../../test/fixtures/register-table.xlsx', import.meta.url));
const about = { id: 'own-x', maker: 'x', title: 'x', models: ['x'], source: 'x' };

describe('a workbook', () => {
  it('gives the cells of its first sheet, where they stand', () => {
    const rows = readSheet(workbook);
    expect(rows[0]).toEqual(['EMDX³ meter & table <v1>']);
    expect(rows[1]).toEqual([]);
    expect(rows[3]?.slice(0, 9)).toEqual([
      '51079',
      '51078',
      'C786',
      '2',
      '',
      'Max/avg P+',
      'Unsigned long',
      '0.01',
      'kW',
    ]);
    expect(rows[8]?.[5]).toBe('Current: I1');
    expect(rows).toHaveLength(9);
  });

  it('makes a profile', () => {
    const result = readRegisterTable(readSheet(workbook), about);
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    expect(result.profile.points.map((p) => p.measurand)).toEqual([
      'demand_power_max_w',
      'operating_time_s',
      'voltage_l1_l2_v',
      'frequency_hz',
      'current_l1_a',
    ]);
    expect(result.skippedRows).toEqual([5]);
  });

  it('is refused where it is damaged, with what is wrong', () => {
    expect(() => readSheet(workbook.subarray(0, workbook.length - 30))).toThrow('end of the archive');
    const bent = Buffer.from(workbook);
    const entry = bent.indexOf('xl/worksheets/sheet1.xml');
    bent.fill(0xff, entry + 30, entry + 90);
    expect(() => readSheet(bent)).toThrow('no readable workbook');
    expect(() => readSheet(Uint8Array.of(0x50, 0x4b, 3, 4))).toThrow('no readable workbook');
  });
});

describe('a text file', () => {
  it('is read with comma, semicolon or tab, in UTF-8 or Windows-1252', () => {
    const rows = [
      ['Dec', 'Words', 'Description'],
      ['1', '2', 'a "b" c'],
    ];
    for (const delimiter of [',', ';', '\t'])
      expect(
        readSheet(
          new TextEncoder().encode(
            `Dec${delimiter}Words${delimiter}Description\r\n1${delimiter}2${delimiter}"a ""b"" c"`,
          ),
        ),
      ).toEqual(rows);
    expect(readSheet(Uint8Array.of(0x6d, 0xb3))).toEqual([['m³']]);
    expect(() => readSheet(new TextEncoder().encode('a,"b'))).toThrow('no CSV');
    expect(() => readSheet(new TextEncoder().encode('{"type":1}'))).toThrow('no CSV');
  });
});
