import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  /** Passwords of people, by e-mail. */
  people: z.record(z.string(), z.string()),
  /** Passwords of gateways, by id. */
  gateways: z.record(z.string(), z.string()),
  /** API keys, by organisation and scope. */
  apiKeys: z.record(z.string(), z.string()),
});
export type DemoSecrets = z.infer<typeof schema>;

const fileOf = (stateFolder: string): string => join(stateFolder, 'demo-secrets.json');

/** What was handed out at an earlier start; empty where the file is gone. */
export function readDemoSecrets(stateFolder: string): DemoSecrets {
  const file = fileOf(stateFolder);
  if (!existsSync(file)) return { people: {}, gateways: {}, apiKeys: {} };
  return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Readable by its owner only. */
export function writeDemoSecrets(stateFolder: string, secrets: DemoSecrets): void {
  const file = fileOf(stateFolder);
  writeFileSync(`${file}.part`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}
