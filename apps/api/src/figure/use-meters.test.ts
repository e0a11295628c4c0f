import { describe, expect, it } from 'vitest';
import { topUseMeters, totalMeters } from './use-meters.ts';

const meter = (
  id: number,
  role: string,
  parentId: number | null,
  energyUse: string | null = null,
  carrier = 'electricity',
) => ({
  id,
  role,
  parentId,
  energyUse,
  carrier,
  measurand: 'active_energy_import_wh',
});

describe('use meters', () => {
  it('counts a use meter below a feeder, and not one below another use meter of its carrier', () => {
    const meters = [
      meter(1, 'main', null),
      meter(2, 'feeder', 1),
      meter(3, 'use', 2, 'refrigeration'),
      meter(4, 'use', 3, 'ventilation'),
      meter(5, 'use', 3, 'boilers', 'gas'),
      meter(6, 'use', null, null),
    ];
    expect(topUseMeters(meters).map((m) => m.id)).toEqual([3, 5]);
  });

  it('ends where parents form a ring', () => {
    const ring = [meter(1, 'use', 2, 'heating'), meter(2, 'feeder', 1)];
    expect(topUseMeters(ring).map((m) => m.id)).toEqual([1]);
  });

  it('takes the total of a carrier, else its only main meter, never one main of several', () => {
    const meters = [
      meter(1, 'total', null),
      meter(2, 'main', null),
      meter(3, 'main', null, null, 'gas'),
      meter(4, 'main', null, null, 'water'),
      meter(5, 'main', null, null, 'water'),
    ];
    expect(totalMeters(meters).map((m) => m.id)).toEqual([1, 3]);
  });
});
