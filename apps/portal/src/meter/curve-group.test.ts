import { measurands } from '@wattproof/energy';
import { expect, test } from 'vitest';
import { chosenGroup, curveGroups } from './curve-group.ts';

test('a meter shows the curves that it has values for', () => {
  const found = curveGroups(['active_power_w', 'current_l1_a', 'current_l3_a'], 'active_energy_import_wh');
  expect(found.map((g) => [g.id, g.measurands])).toEqual([
    ['own', ['active_energy_import_wh']],
    ['power', ['active_power_w']],
    ['current', ['current_l1_a', 'current_l3_a']],
  ]);
  expect(curveGroups([], null)).toEqual([]);
});

test('the measurands of a group have one unit', () => {
  const all = measurands.map((m) => m.name);
  for (const group of curveGroups(all, null)) {
    const units = new Set(group.measurands.map((name) => measurands.find((m) => m.name === name)?.unit));
    expect([group.id, units.size]).toEqual([group.id, 1]);
  }
});

test('power is shown first, whatever else the address asks for', () => {
  const found = curveGroups(['active_power_w', 'current_l1_a', 'active_energy_import_wh'], null);
  expect(chosenGroup(found, 'current')?.id).toBe('current');
  expect(chosenGroup(found, 'nothing')?.id).toBe('power');
  expect(chosenGroup([], 'power')).toBeNull();
});
