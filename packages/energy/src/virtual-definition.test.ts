import { describe, expect, it } from 'vitest';
import type { MeasurandName } from './measurand.ts';
import { definitionFindings, type SummedMeter, type VirtualDefinition } from './virtual-definition.ts';
import type { VirtualTerm } from './virtual-meter.ts';

const wh = 'active_energy_import_wh';
const term = (meterId: number, sign: 1 | -1 = 1, rest: Partial<VirtualTerm> = {}): VirtualTerm => ({
  meterId,
  measurand: wh,
  sign,
  from_ms: null,
  to_ms: null,
  ...rest,
});
const meter = (meterId: number, parentId: number | null, rest: Partial<SummedMeter> = {}): SummedMeter => ({
  meterId,
  name: `M${meterId}`,
  carrier: 'electricity',
  parentId,
  kept: [wh, 'active_energy_export_wh'] as MeasurandName[],
  ...rest,
});
/** 1 main; 2 and 3 feeders; 4 below 2; 5 gas; 6 sun; 10 and 11 virtual. */
const meters = new Map(
  [
    meter(1, null),
    meter(2, 1),
    meter(3, 1),
    meter(4, 2),
    meter(5, null, { carrier: 'gas', kept: ['volume_l'] }),
    meter(6, null, { carrier: 'pv' }),
    meter(10, null),
    meter(11, null),
  ].map((m) => [m.meterId, m]),
);
const stored = new Map([
  [10, [term(1), term(2, -1), term(3, -1)]],
  [11, [term(10)]],
]);
const check = (terms: readonly VirtualTerm[], rest: Partial<VirtualDefinition> = {}) =>
  definitionFindings(
    { meterId: null, carrier: 'electricity', measurand: wh, terms, ...rest },
    { meters, definitions: stored },
  );
const codes = (...given: Parameters<typeof check>) => check(...given).map((f) => f.code);

describe('definition of a virtual meter', () => {
  it('may be a total, a residual, self-consumption, and what is left of a residual', () => {
    expect(check([term(2), term(3)])).toEqual([]);
    expect(check([term(1), term(2, -1), term(3, -1)])).toEqual([]);
    expect(check([term(6), term(1, -1, { measurand: 'active_energy_export_wh' }), term(1)])).toEqual([]);
    expect(check([term(1), term(2, -1), term(4)])).toEqual([]);
    expect(check([term(10), term(2)])).toEqual([]);
    // What is taken off ends before what it is taken off from.
    expect(codes([term(1), term(2, -1, { to_ms: 100 }), term(4)])).toEqual(['countedTwice']);
  });

  it('counts no Wh twice: the same meter, one below another, or one inside a sum', () => {
    expect(codes([term(2), term(2)])).toEqual(['countedTwice']);
    expect(check([term(1), term(4)])).toMatchObject([
      { code: 'countedTwice', message: 'The energy of M4 is contained in M1: the sum counts it 2 times' },
    ]);
    expect(codes([term(1, -1), term(4, -1)])).toEqual(['countedTwice']);
    // 10 holds the main already.
    expect(codes([term(10), term(1)])).toContain('countedTwice');
    expect(codes([term(11), term(10)])).toContain('countedTwice');
  });

  it('may hold a meter twice where one term ends as the other begins', () => {
    expect(check([term(2, 1, { to_ms: 100 }), term(2, 1, { from_ms: 100 })])).toEqual([]);
    expect(codes([term(2, 1, { to_ms: 101 }), term(2, 1, { from_ms: 100 })])).toEqual(['countedTwice']);
    expect(codes([term(2, 1, { from_ms: 5, to_ms: 5 })])).toEqual(['termValidity']);
  });

  it('never contains itself, and the path is told', () => {
    expect(check([term(11)], { meterId: 10 })).toMatchObject([
      { code: 'virtualMeterCycle', data: { cycle: [10, 11, 10] } },
    ]);
  });

  it('adds only what has one unit and one carrier and is kept', () => {
    expect(codes([term(5, 1, { measurand: 'volume_l' })])).toEqual(['unitMismatch', 'carrierMismatch']);
    expect(codes([term(5, 1, { measurand: 'volume_l' })], { carrier: 'gas', measurand: 'volume_l' })).toEqual(
      [],
    );
    expect(codes([term(5)], { carrier: 'gas' })).toEqual(['notKept']);
    expect(codes([term(99)])).toEqual(['otherSite']);
  });
});
