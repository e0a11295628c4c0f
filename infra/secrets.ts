import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { loginRoles, type RolePasswords } from '@wattproof/database';
import { AppError } from '@wattproof/runtime';
import { z } from 'zod';

const password = (): string => randomBytes(24).toString('base64url');
const passwordByRole = z.object({
  wattproof_api: z.string(),
  wattproof_ingestion: z.string(),
  wattproof_worker: z.string(),
  wattproof_auth: z.string(),
  wattproof_reader: z.string(),
} satisfies Record<keyof RolePasswords, z.ZodType>);

const secretsSchema = z.object({
  databasePassword: z.string(),
  redisPassword: z.string(),
  mqttAdminPassword: z.string(),
  mqttIngestionPassword: z.string(),
  /** Passwords of the database roles of the processes, by role name. */
  databaseRolePasswords: passwordByRole,
  /** 32 bytes, base64: sealing and session secrets derive from it. */
  secretKey: z.string(),
});
export type Secrets = z.infer<typeof secretsSchema>;

function generate(): Secrets {
  return {
    databasePassword: password(),
    redisPassword: password(),
    mqttAdminPassword: password(),
    mqttIngestionPassword: password(),
    databaseRolePasswords: passwordByRole.parse(
      Object.fromEntries(loginRoles.map((role) => [role, password()])),
    ),
    secretKey: randomBytes(32).toString('base64'),
  };
}

/** The secrets of one installation, generated at first use, readable by their owner only. */
export function loadSecrets(file: string): Secrets {
  if (existsSync(file)) {
    const parsed = secretsSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (parsed.success) return parsed.data;
    throw new AppError(
      'invalid',
      `${file} is not complete: restore it, or start with empty data by npm start -- --fresh.`,
    );
  }
  const secrets = generate();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
  return secrets;
}
