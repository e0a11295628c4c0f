import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loginRoles, migrate, type RolePasswords } from '@wattproof/database';
import { loadEnv } from '@wattproof/runtime';
import { z } from 'zod';
import { adminUsername, ingestionUsername, initialDynamicSecurity } from './services/dynamic-security.ts';
import { containerBrokerConfiguration } from './services/mosquitto.ts';

const environment = loadEnv(
  z.object({
    WATTPROOF_DATABASE_URL: z.string().min(1),
    WATTPROOF_DATABASE_ROLE_PASSWORD: z.string().min(1),
    WATTPROOF_MQTT_ADMIN_PASSWORD: z.string().min(1),
    WATTPROOF_MQTT_INGESTION_PASSWORD: z.string().min(1),
    WATTPROOF_BROKER_FOLDER: z.string().min(1),
  }),
);

/** An installation in containers, before its first start: database roles and tables, the broker's accounts. */
async function prepare(): Promise<void> {
  const password = environment.WATTPROOF_DATABASE_ROLE_PASSWORD;
  const passwords = Object.fromEntries(loginRoles.map((role) => [role, password])) as RolePasswords;
  const { applied } = await migrate({ adminDatabaseUrl: environment.WATTPROOF_DATABASE_URL, passwords });
  console.log(`${applied.length} migrations applied`);
  const folder = environment.WATTPROOF_BROKER_FOLDER;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'mosquitto.conf'), containerBrokerConfiguration());
  const security = join(folder, 'dynamic-security.json');
  if (existsSync(security)) return;
  const admin = { username: adminUsername, password: environment.WATTPROOF_MQTT_ADMIN_PASSWORD };
  const ingestion = { username: ingestionUsername, password: environment.WATTPROOF_MQTT_INGESTION_PASSWORD };
  writeFileSync(security, JSON.stringify(initialDynamicSecurity(admin, ingestion), null, 2));
  chmodSync(security, 0o600);
}

await prepare();
