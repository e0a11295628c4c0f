import { saveVirtualMeter } from '@wattproof/contracts/api';
import { describe, expect, test } from 'vitest';
import {
  type DefinitionDraft,
  draftOf,
  emptyTerm,
  findingsOf,
  readDefinition,
  sourcesFor,
} from './definition.ts';

const zone = 'Europe/Paris';
const draft: DefinitionDraft = {
  name: ' Rest of T1 ',
  role: 'use',
  carrier: 'electricity',
  energyUse: '',
  zoneId: '',
  measurand: 'active_energy_import_wh',
  terms: [
    { key: 0, sourceMeterId: 1, sign: 1, from: '', to: '' },
    { key: 1, sourceMeterId: 2, sign: -1, from: '2026-03-29', to: '2026-10-25' },
  ],
};

describe('a calculated meter as it is chosen', () => {
  test('becomes what the contract asks for; its last day belongs to it', () => {
    const read = readDefinition(draft, zone);
    if (!read.ok) throw new Error('refused');
    expect(saveVirtualMeter.parse(read.wish)).toMatchObject({
      name: 'Rest of T1',
      energyUse: null,
      zoneId: null,
      terms: [
        { sourceMeterId: 1, sign: 1, validFrom: null, validTo: null },
        {
          sourceMeterId: 2,
          sign: -1,
          validFrom: '2026-03-28T23:00:00.000Z',
          validTo: '2026-10-25T23:00:00.000Z',
        },
      ],
    });
  });

  test('goes back to the draft it came from', () => {
    const read = readDefinition(draft, zone);
    if (!read.ok) throw new Error('refused');
    const { terms, ...rest } = saveVirtualMeter.parse(read.wish);
    const again = draftOf({ ...rest, terms: terms.map((t) => ({ ...t, sourceName: '' })) }, zone);
    expect(again.terms).toEqual(draft.terms);
  });

  test('names what is missing', () => {
    const read = readDefinition(
      {
        ...draft,
        name: ' ',
        terms: [emptyTerm(0), { key: 5, sourceMeterId: 1, sign: 1, from: '2026-02-02', to: '2026-02-01' }],
      },
      zone,
    );
    expect(read.ok ? null : [...read.problems]).toEqual([
      [null, 'name'],
      [0, 'term'],
      [5, 'dates'],
    ]);
  });

  test('offers only what can be added up', () => {
    const source = (meterId: number, carrier: string, measurands: string[]) => ({
      meterId,
      name: '',
      carrier,
      parentId: null,
      kind: 'physical',
      role: 'use',
      measurands,
    });
    const all = [
      source(1, 'electricity', ['active_energy_import_wh']),
      source(2, 'gas', ['active_energy_import_wh']),
      source(3, 'electricity', ['active_energy_export_wh']),
    ];
    expect(sourcesFor(all, draft).map((s) => s.meterId)).toEqual([1]);
  });

  test('reads the findings of a refusal, whatever else it carries', () => {
    expect(findingsOf({})).toEqual([]);
    expect(findingsOf({ findings: [{ code: 'countedTwice', message: 'x' }] })).toHaveLength(1);
  });
});
