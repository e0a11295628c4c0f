import type { DeviceProfile } from './profile.ts';
import { breakerDpx3 } from './profiles/breaker-dpx3.ts';
import { breakerMeasuring } from './profiles/breaker-measuring.ts';
import { controlInterface, controlUnitIo } from './profiles/control-interface.ts';
import { controlUnitMemory } from './profiles/control-unit-memory.ts';
import { controlUnitModules } from './profiles/control-unit-modules.ts';
import { controlUnitPt100 } from './profiles/control-unit-pt100.ts';
import { dx3AddOnMeasuring, dx3AddOnMetering } from './profiles/dx3-add-on.ts';
import { emdx3Meter } from './profiles/emdx3-meter.ts';
import { imeContoD2 } from './profiles/ime-conto-d2.ts';
import { imeNemo96hd } from './profiles/ime-nemo-96hd.ts';
import { legrandConcentrator } from './profiles/legrand-concentrator.ts';
import { socomecJbus } from './profiles/socomec-jbus.ts';

/** Every profile. */
export const profiles: readonly DeviceProfile[] = [
  imeNemo96hd,
  socomecJbus,
  imeContoD2,
  legrandConcentrator,
  breakerDpx3,
  controlUnitPt100,
  controlUnitModules,
  controlUnitMemory,
  emdx3Meter,
  breakerMeasuring,
  dx3AddOnMetering,
  dx3AddOnMeasuring,
  controlInterface,
  controlUnitIo,
];

const byId = new Map(profiles.map((p) => [p.id, p]));

/** The profile of that id, or undefined where none has it. */
export const findProfile = (id: string): DeviceProfile | undefined => byId.get(id);

/** Finds a profile by its id: one that ships with the product, or one that came with a configuration. */
export type ProfileFinder = (id: string) => DeviceProfile | undefined;

export function profileFinder(own: readonly DeviceProfile[] = []): ProfileFinder {
  const ownById = new Map(own.map((p) => [p.id, p]));
  return (id) => findProfile(id) ?? ownById.get(id);
}
