import { readTableFile } from '@wattproof/database';
import { describe, expect, it } from 'vitest';
import { accountRowForm, accountRowKey, readAccountRow, repeatedRows } from './account-row-file.ts';

const ids = {
  first: '00000000-0000-4000-8000-000000000001',
  second: '00000000-0000-4000-8000-000000000002',
  laval: '00000000-0000-4000-8000-000000000003',
};
const names = {
  legalEntities: [
    { id: ids.first, name: 'Belleroche SAS', registrationNumber: '552 100 554' },
    { id: ids.second, name: 'Tenant SARL', registrationNumber: '' },
  ],
  sites: [{ id: ids.laval, name: 'Laval' }],
  meters: [
    { id: 7, name: 'PV roof', siteId: ids.laval },
    { id: 8, name: 'PV roof', siteId: ids.second },
  ],
};
const head =
  'Legal entity\tKind\tCarrier\tSite\tMeter\tEnergy kWh\tValid from\tValid to\tCounterpart\tReason\tSource';
const read = (...lines: string[]) => {
  const file = readTableFile(Buffer.from([head, ...lines].join('\n')), accountRowForm);
  return { file, rows: file.lines.map((line) => readAccountRow(line, names)) };
};

describe('a table of account rows', () => {
  it('is read as it is pasted from a spreadsheet: names become what they name', () => {
    const { file, rows } = read(
      'belleroche sas\tpassedOn\telectricity\tLaval\t\t1200.5\t2026-01-01\t2026-02-01\tTenant SARL\tHall 3\tContract 12',
      '552 100 554\tselfConsumed\tpv\tLaval\tPV roof\t\t\t\t\tRoof\tMeter',
    );
    expect(file.rejections).toEqual([]);
    expect(rows).toMatchObject([
      {
        row: 2,
        wish: {
          legalEntityId: ids.first,
          siteId: ids.laval,
          energy_kwh: '1200.5',
          counterpartEntityId: ids.second,
          calorificBasis: 'none',
        },
      },
      { row: 3, wish: { legalEntityId: ids.first, meterId: 7, energy_kwh: null, validFrom: null } },
    ]);
  });

  it.each([
    [
      'Nobody\tpassedOn\telectricity\t\t\t1\t2026-01-01\t2026-02-01\t\tx\ty',
      'legal_entity',
      'no legal entity',
    ],
    ['\tpassedOn\telectricity\t\t\t1\t2026-01-01\t2026-02-01\t\tx\ty', 'legal_entity', 'must name'],
    ['Belleroche SAS\tpurchased\telectricity\t\t\t1\t2026-01-01\t2026-02-01\t\tx\ty', 'kind', ''],
    ['Belleroche SAS\tselfConsumed\tpv\t\tPV roof\t\t\t\t\tx\ty', 'meter', 'several'],
    ['Belleroche SAS\tpassedOn\telectricity\tParis\t\t1\t2026-01-01\t2026-02-01\t\tx\ty', 'site', 'no site'],
    [
      'Belleroche SAS\tpassedOn\telectricity\t\t\t1,5\t2026-01-01\t2026-02-01\t\tx\ty',
      'energy_kwh',
      'with a point',
    ],
    [
      'Belleroche SAS\tpassedOn\telectricity\t\t\t-1\t2026-01-01\t2026-02-01\t\tx\ty',
      'energy_kwh',
      'below zero',
    ],
    ['Belleroche SAS\tpassedOn\telectricity\t\t\t1\t\t2026-02-01\t\tx\ty', 'valid_from', 'first day'],
    ['Belleroche SAS\tpassedOn\telectricity\t\t\t1\t2026-03-01\t2026-02-01\t\tx\ty', 'valid_to', 'after'],
    ['Belleroche SAS\tpassedOn\telectricity\t\t\t1\t2026-01-01\t2026-02-01\t\tx\t', 'source', ''],
  ])('names the cell that is wrong: %s', (line, column, words) => {
    const [row] = read(line).rows;
    expect(row).toMatchObject([{ row: 2, column, message: expect.stringContaining(words) }]);
  });

  it('says what its head lacks, and which row is there twice', () => {
    const lacking = readTableFile(Buffer.from('legal_entity;kind\nx;y'), accountRowForm);
    expect(lacking.rejections.map(({ column }) => column)).toEqual(['carrier', 'reason', 'source']);
    const line = 'Belleroche SAS\tfeedstock\tgas\t\t\t10\t2026-01-01\t2026-02-01\t\tx\ty';
    const rows = read(line, line.replace('\t10\t', '\t10.0\t')).rows.flatMap((one) =>
      'wish' in one ? [one] : [],
    );
    expect(repeatedRows(rows)).toMatchObject([{ row: 3, message: 'is in the file already, in row 2' }]);
    expect(new Set(rows.map(({ wish }) => accountRowKey(wish))).size).toBe(1);
  });
});
