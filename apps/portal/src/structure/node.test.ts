import type { Meter, SiteConsumption, SiteStructure } from '@wattproof/contracts/api';
import { describe, expect, test } from 'vitest';
import { findNode, metersBelow, residualOf } from './node.ts';

const structure = {
  zones: [
    {
      id: 'z1',
      name: 'Hall',
      meterIds: [9],
      panels: [
        {
          id: 'p1',
          name: 'T1',
          circuits: [
            { id: 'c1', name: 'Q1', ratedCurrent_a: 160, energyUse: null, meterIds: [1] },
            { id: 'c2', name: 'Q2', ratedCurrent_a: 63, energyUse: null, meterIds: [] },
          ],
        },
      ],
    },
  ],
  meterIds: [],
  meters: [],
} as unknown as SiteStructure;

const meter = (id: number, parentId: number | null): Meter => ({ id, parentId }) as Meter;
const row = (energy_wh: number | null, carrier = 'electricity', meterIds: number[] = []) =>
  ({
    carrier,
    unit: 'Wh',
    energy_wh,
    volume_l: null,
    meterIds,
  }) as unknown as SiteConsumption['rows'][number];

describe('a node of the structure', () => {
  test('knows what lies above it, what it is divided in and its meters', () => {
    expect(findNode(structure, 'zone', 'z1')).toMatchObject({ parts: [{ id: 'p1' }], meterIds: [9, 1] });
    expect(findNode(structure, 'panel', 'p1')).toMatchObject({ path: [{ id: 'z1' }], meterIds: [1] });
    expect(findNode(structure, 'circuit', 'c2')).toMatchObject({
      path: [{ id: 'z1' }, { id: 'p1' }],
      parts: [],
      meterIds: [],
    });
    expect(findNode(structure, 'circuit', 'p1')).toBeNull();
  });

  test('finds the meters below, and ends in a circle', () => {
    const meters = [meter(1, null), meter(2, 1), meter(3, 2), meter(4, null)];
    expect(metersBelow(meters, [1]).map((m) => m.id)).toEqual([2, 3]);
    expect(metersBelow([meter(1, 2), meter(2, 1)], [1]).map((m) => m.id)).toEqual([2]);
  });

  test('a residual is told only where everything is known', () => {
    expect(residualOf(row(100), [row(60), row(30), row(5, 'gas')], [])).toBe(10);
    expect(residualOf(row(100), [row(60), row(null)], [])).toBeNull();
    expect(residualOf(row(null), [row(60)], [])).toBeNull();
    expect(residualOf(row(100), [], [])).toBeNull();
    // The incomer of a panel feeds the other circuits: what it holds beyond them is not explained.
    const meters = [meter(1, null), meter(2, 1), meter(3, 1)];
    const circuits = [row(100, 'electricity', [1]), row(60, 'electricity', [2]), row(25, 'electricity', [3])];
    expect(residualOf(row(100, 'electricity', [1]), circuits, meters)).toBe(15);
    expect(residualOf(undefined, [row(1)], [])).toBeNull();
  });
});
