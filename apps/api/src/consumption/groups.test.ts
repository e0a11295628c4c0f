import { describe, expect, it } from 'vitest';
import { type Grouping, meterGroups } from './groups.ts';

const structure = {
  zones: [
    { id: 'z1', name: 'Substation' },
    { id: 'z2', name: 'Hall' },
  ],
  panels: [
    { id: 'p1', name: 'TGBT', zoneId: 'z1' },
    { id: 'p2', name: 'Hall panel', zoneId: 'z2' },
  ],
  circuits: [
    { id: 'c1', name: 'Feeder hall', panelId: 'p1', ratedCurrent_a: 250, energyUse: null },
    { id: 'c2', name: 'Lighting', panelId: 'p2', ratedCurrent_a: 32, energyUse: 'lighting' },
    { id: 'c3', name: 'Sockets', panelId: 'p1', ratedCurrent_a: 32, energyUse: 'sockets' },
  ],
};

const meter = (id: number, more: object) => ({
  id,
  name: `meter ${id}`,
  role: 'use',
  kind: 'physical',
  carrier: 'electricity',
  measurand: 'active_energy_import_wh' as string | null,
  energyUse: null as string | null,
  parentId: null as number | null,
  circuitId: null as string | null,
  zoneId: null as string | null,
  ...more,
});

const meters = [
  meter(1, { role: 'main', zoneId: 'z1' }),
  meter(2, { role: 'feeder', parentId: 1, circuitId: 'c1' }),
  meter(3, { energyUse: 'lighting', parentId: 2, circuitId: 'c2' }),
  meter(4, { energyUse: 'lighting', parentId: 3, circuitId: 'c2' }),
  meter(5, { energyUse: 'sockets', parentId: 1, circuitId: 'c3' }),
  meter(6, { role: 'generation', parentId: null, zoneId: 'z2' }),
  meter(7, { role: 'main', carrier: 'gas', zoneId: 'z2' }),
  meter(8, { role: 'total', kind: 'virtual' }),
];

const of = (by: Grouping) =>
  Object.fromEntries(
    meterGroups(by, meters, structure).map((g) => [
      `${g.id} ${g.carrier}`,
      [g.plus.map((m) => m.id), g.minus.map((m) => m.id)],
    ]),
  );

describe('groups of meters', () => {
  it('give a zone what stays in it: a feeder to another zone is taken off, the supply belongs to none', () => {
    expect(of('zone')).toEqual({
      'z1 electricity': [[2, 5], [3]],
      'z2 electricity': [[3], []],
      'z2 gas': [[7], []],
    });
  });

  it('give panels and circuits what flows through them', () => {
    expect(of('panel')).toEqual({ 'p1 electricity': [[2, 5], []], 'p2 electricity': [[3], []] });
    expect(of('circuit')['c2 electricity']).toEqual([[3], []]);
    const [first] = meterGroups('circuit', meters, structure);
    expect(first).toMatchObject({ name: 'Feeder hall', parentId: 'p1' });
  });

  it('count nested meters of a use once, and every meter by itself', () => {
    expect(of('use')).toEqual({ 'lighting electricity': [[3], []], 'sockets electricity': [[5], []] });
    expect(Object.keys(of('meter'))).toHaveLength(6);
    expect(meterGroups('meter', meters, structure).find((g) => g.id === '4')?.parentId).toBe('3');
  });

  it('survive a circle of parents', () => {
    const circle = [meter(1, { parentId: 2, zoneId: 'z1' }), meter(2, { parentId: 1, zoneId: 'z2' })];
    expect(meterGroups('zone', circle, structure).map((g) => g.plus.map((m) => m.id))).toEqual([[1], [2]]);
  });
});
