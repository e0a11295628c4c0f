import { seedOf, uniform } from './noise.ts';
import type { PlantMeter } from './plant.ts';

const slot_ms = 20 * 60_000;

/** Whether the meter's device gives no answer at an instant: an outage, or a flaky device's silence. */
export function isSilent(meter: PlantMeter, at_ms: number): boolean {
  for (const { from_ms, to_ms } of meter.incidents.outages)
    if (at_ms >= from_ms && at_ms < to_ms) return true;
  return meter.incidents.flaky === true && isFlakySilence(meter, at_ms);
}

/** In each 20 minutes a silence of 2 to 6 minutes that begins somewhere in the first 14. */
function isFlakySilence(meter: PlantMeter, at_ms: number): boolean {
  const slot = Math.floor(at_ms / slot_ms);
  const seed = seedOf(11, meter.serialNumber);
  const begin = slot * slot_ms + uniform(seed, slot, 1) * 14 * 60_000;
  const length = (2 + 4 * uniform(seed, slot, 2)) * 60_000;
  return at_ms >= begin && at_ms < begin + length;
}
