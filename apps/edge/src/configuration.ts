import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type GatewayConfiguration, gatewayConfiguration, gatewayIdPattern } from '@wattproof/contracts/mqtt';
import { findProfile } from '@wattproof/devices';
import { AppError } from '@wattproof/runtime';
import { z } from 'zod';

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

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('invalid', `${path} is not JSON: ${(error as Error).message}`);
  }
}

/**
 * Refuses what no line can run: unknown profiles, one unit with two profiles, keys that are not unique.
 * @throws AppError `invalid` that names the meter.
 */
export function assertUsable(configuration: GatewayConfiguration): void {
  const keys = new Set<string>();
  for (const line of configuration.lines) {
    const profileOfUnit = new Map<number, string>();
    for (const meter of line.meters) {
      if (!findProfile(meter.profileId))
        throw new AppError('invalid', `meter ${meter.key}: no profile is named ${meter.profileId}`);
      if (keys.has(meter.key)) throw new AppError('invalid', `meter ${meter.key} is listed twice`);
      keys.add(meter.key);
      const known = profileOfUnit.get(meter.unit);
      if (known !== undefined && known !== meter.profileId)
        throw new AppError(
          'invalid',
          `line ${line.key}, unit ${meter.unit}: two profiles, ${known} and ${meter.profileId}`,
        );
      profileOfUnit.set(meter.unit, meter.profileId);
    }
  }
}

const storedName = 'configuration.json';

/** The configuration in force: the stored one where it is newer than the start file's. */
export function configurationInForce(start: StartFile): GatewayConfiguration {
  const path = join(start.stateFolder, storedName);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // Nothing has been received yet: the start file stands.
    return start.configuration;
  }
  const stored = gatewayConfiguration.safeParse(parseJson(path, text));
  if (!stored.success) throw new AppError('invalid', `${path}: ${z.prettifyError(stored.error)}`);
  return stored.data.version > start.configuration.version ? stored.data : start.configuration;
}

/** Keeps a received configuration over restarts; a power cut leaves the old or the new file, never half of one. */
export async function storeConfiguration(
  stateFolder: string,
  configuration: GatewayConfiguration,
): Promise<void> {
  const path = join(stateFolder, storedName);
  const draft = join(dirname(path), `${storedName}.new`);
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(configuration));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}
