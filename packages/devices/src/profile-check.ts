import { allowed, planReads } from './plan.ts';
import { type DeviceProfile, inputsOf, type Point, pointsOf } from './profile.ts';
import { wordsOf } from './register.ts';
import { pointsOfScale } from './scale.ts';

/** What is wrong with a profile, and at which of its points. */
export interface ProfileFault {
  /** Key of the point, or empty where it concerns the profile. */
  readonly point: string;
  readonly field: 'key' | 'address' | 'scale' | 'signFrom' | 'measurand' | 'identity' | 'limits' | 'range';
  readonly message: string;
}

/**
 * What no shape can say of a profile: values that overlap the end of the address space, names that occur twice, references
 * to points that are not there, two points for one measurand, values that no request can read. Empty where the profile can
 * be read with.
 */
export function checkProfile(profile: DeviceProfile): ProfileFault[] {
  const faults: ProfileFault[] = [];
  for (const point of profile.points) {
    if (point.address + wordsOf(point.type) > 65_536)
      faults.push({
        point: point.key,
        field: 'address',
        message: `${point.key} ends beyond address 65 535`,
      });
    if (point.range && point.range.min > point.range.max)
      faults.push({
        point: point.key,
        field: 'range',
        message: `${point.key}: the range is the wrong way round`,
      });
    if (!allowed(profile, { address: point.address, words: wordsOf(point.type) }))
      faults.push({
        point: point.key,
        field: 'limits',
        message: `${point.key} cannot be read: it is longer than a request of ${profile.limits.maxWords} words, or in a range that the device refuses`,
      });
  }
  const inputs = inputsOf(profile);
  for (const input of inputs.length > 0 ? inputs : [undefined])
    faults.push(...faultsOfInput(pointsOf(profile, input)));
  if (profile.identity && !profile.points.some((p) => p.key === profile.identity?.point))
    faults.push({
      point: profile.identity.point,
      field: 'identity',
      message: `the identity names ${profile.identity.point}, which is no point`,
    });
  if (faults.length === 0) planReads(profile, new Set(inputs));
  return unique(faults);
}

function faultsOfInput(points: readonly Point[]): ProfileFault[] {
  const faults: ProfileFault[] = [];
  const keys = new Set<string>();
  const measurands = new Map<string, string>();
  const known = new Set(points.map((p) => p.key));
  for (const point of points) {
    const { key } = point;
    if (keys.has(key)) faults.push({ point: key, field: 'key', message: `two points are named ${key}` });
    keys.add(key);
    for (const other of point.scale ? pointsOfScale(point.scale) : [])
      if (!known.has(other))
        faults.push({
          point: key,
          field: 'scale',
          message: `${key}: its scale follows from ${other}, which is no point`,
        });
    if (point.signFrom && !known.has(point.signFrom.point))
      faults.push({
        point: key,
        field: 'signFrom',
        message: `${key}: its sign follows from ${point.signFrom.point}, which is no point`,
      });
    if (typeof point.measurand === 'object' && !known.has(point.measurand.from))
      faults.push({
        point: key,
        field: 'measurand',
        message: `${key}: its measurand follows from ${point.measurand.from}, which is no point`,
      });
    if (typeof point.measurand !== 'string') continue;
    const first = measurands.get(point.measurand);
    if (first !== undefined)
      faults.push({
        point: key,
        field: 'measurand',
        message: `${first} and ${key} are both ${point.measurand}`,
      });
    measurands.set(point.measurand, key);
  }
  return faults;
}

/** Common points are checked with every input: each fault is said once. */
const unique = (faults: readonly ProfileFault[]): ProfileFault[] => [
  ...new Map(faults.map((f) => [`${f.field} ${f.message}`, f])).values(),
];
