import { readFileSync } from 'node:fs';
import { type GatewayConfiguration, gatewayConfiguration, gatewayIdPattern } from '@wattproof/contracts/mqtt';
import { checkProfile, checkPulseSettings, profileFinder } from '@wattproof/devices';
import { AppError } from '@wattproof/runtime';
import { z } from 'zod';
import { parseJson, readStateFile, writeStateFile } from './state-file.ts';

/** The start file: who this gateway is, where its broker is, and what it reads until a newer configuration arrives. */
export const startFile = z.object({
  gatewayId: z.string().regex(gatewayIdPattern),
  partition: z.number().int().min(0).max(99_999),
  mqttUrl: z.url({ protocol: /^(mqtts?|wss?)$/ }),
  username: z.string(),
  password: z.string(),
  stateFolder: z.string(),
  configuration: gatewayConfiguration,
});
export type StartFile = z.infer<typeof startFile>;

/** @throws AppError `invalid` naming what is wrong in the file, `notFound` where there is none. */
export function readStartFile(path: string): StartFile {
  const found = startFile.safeParse(parseJson(path, readText(path)));
  if (!found.success) throw new AppError('invalid', `${path}: ${z.prettifyError(found.error)}`);
  assertUsable(found.data.configuration);
  return found.data;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new AppError('notFound', `the start file cannot be read: ${(error as Error).message}`, { path });
  }
}

/**
 * Refuses what no line can run: broken or unknown profiles, one unit with two profiles, keys that are not unique, two
 * lines at one place.
 * @throws AppError `invalid` that names the line, the meter or the profile.
 */
export function assertUsable(configuration: GatewayConfiguration): void {
  for (const profile of configuration.profiles ?? []) {
    const [fault] = checkProfile(profile);
    if (fault) throw new AppError('invalid', `profile ${profile.id}: ${fault.message}`);
  }
  const findProfile = profileFinder(configuration.profiles);
  const meterKeys = new Set<string>();
  const lineKeys = new Set<string>();
  const lineOfPlace = new Map<string, string>();
  for (const line of configuration.lines) {
    if (lineKeys.has(line.key)) throw new AppError('invalid', `line ${line.key} is listed twice`);
    lineKeys.add(line.key);
    const place = placeOf(line.transport);
    const other = lineOfPlace.get(place);
    if (other !== undefined)
      throw new AppError('invalid', `line ${line.key}: ${place} is line ${other} already`);
    lineOfPlace.set(place, line.key);
    const profileOfUnit = new Map<number, string>();
    for (const meter of line.meters) {
      if (!findProfile(meter.profileId))
        throw new AppError('invalid', `meter ${meter.key}: no profile is named ${meter.profileId}`);
      if (meterKeys.has(meter.key)) throw new AppError('invalid', `meter ${meter.key} is listed twice`);
      meterKeys.add(meter.key);
      const known = profileOfUnit.get(meter.unit);
      if (known !== undefined && known !== meter.profileId)
        throw new AppError(
          'invalid',
          `line ${line.key}, unit ${meter.unit}: two profiles, ${known} and ${meter.profileId}`,
        );
      profileOfUnit.set(meter.unit, meter.profileId);
      const fault = checkPulseSettings(meter.settings).find((f) => f.severity === 'error');
      if (fault) throw new AppError('invalid', `meter ${meter.key}: ${fault.message}`);
    }
  }
}

/** Where a line is plugged in: two lines there would talk at once. */
const placeOf = (transport: GatewayConfiguration['lines'][number]['transport']): string =>
  'path' in transport ? transport.path : `${transport.host}:${transport.port}`;

const storedName = 'configuration.json';

/** The configuration in force: the stored one where it is newer than the start file's. */
export function configurationInForce(start: StartFile): GatewayConfiguration {
  const stored = readStateFile(start.stateFolder, storedName, gatewayConfiguration);
  return stored && stored.version > start.configuration.version ? stored : start.configuration;
}

/** Keeps a configuration that has proved itself over restarts. */
export const storeConfiguration = (stateFolder: string, configuration: GatewayConfiguration): Promise<void> =>
  writeStateFile(stateFolder, storedName, configuration);
