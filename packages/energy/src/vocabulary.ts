/** Words of the field that several places store and show; GLOSSARY.md says what each means. */

export const carriers = [
  'electricity',
  'gas',
  'steam',
  'heat',
  'cooling',
  'compressedAir',
  'lpg',
  'diesel',
  'biomass',
  'water',
  'pv',
] as const;
export type Carrier = (typeof carriers)[number];

export const energyUses = [
  'refrigeration',
  'boilers',
  'heating',
  'cooling',
  'hotWater',
  'lighting',
  'sockets',
  'ventilation',
  'cleaning',
  'process',
  'transport',
  'compressedAir',
] as const;
export type EnergyUse = (typeof energyUses)[number];

/** What a meter measures in the site's structure. */
export const meterRoles = [
  /** Delivery point or transformer: the whole site. */ 'main',
  /** Outgoing feeder (> 80 A) that feeds several uses. */ 'feeder',
  /** One energy use. */ 'use',
  /** Own production (PV). */ 'generation',
  /** Position of a breaker, no energy. */ 'breaker',
  /** Relevant variable: production or weather. */ 'variable',
  /** Virtual: all of one carrier at the site. */ 'total',
] as const;
export type MeterRole = (typeof meterRoles)[number];

export const meterKinds = ['physical', 'virtual', 'manual'] as const;
export type MeterKind = (typeof meterKinds)[number];

/** Roles of people, from the widest to the narrowest duty. */
export const roles = ['admin', 'energyManager', 'auditor', 'corporate', 'installer', 'operator'] as const;
export type Role = (typeof roles)[number];

/** What an API key may do. */
export const scopes = ['read', 'write'] as const;
export type Scope = (typeof scopes)[number];

/**
 * Quality of one reading (row code). Unknown is never zero: a measurand that could not be read is absent.
 * `suspect` = plausible but doubtful (wiring suspect, out of range).
 */
export const readingQualities = [
  'good',
  'stale',
  'timeout',
  'exception',
  'outOfRange',
  'notAvailable',
  'wiringSuspect',
  'counterReset',
] as const;
export type ReadingQuality = (typeof readingQualities)[number];
/** Code stored and sent: the index in `readingQualities`. */
export const readingQualityCode = (quality: ReadingQuality): number => readingQualities.indexOf(quality);

/** Quality class of one interval, best first. */
export const intervalQualities = ['measured', 'interpolated', 'estimated', 'manual', 'missing'] as const;
export type IntervalQuality = (typeof intervalQualities)[number];
export const intervalQualityCode = (quality: IntervalQuality): number => intervalQualities.indexOf(quality);

export const locales = ['en', 'fr', 'de', 'es'] as const;
export type Locale = (typeof locales)[number];

/**
 * Trust in a device profile, rising; each rung holds those below it. Written down with its source; read back from our
 * simulator and against a second transcription; exchanged with an independent partner; answered by a real device.
 */
export const trustRungs = ['documented', 'simulated', 'interopTested', 'hardwareVerified'] as const;
export type TrustRung = (typeof trustRungs)[number];
