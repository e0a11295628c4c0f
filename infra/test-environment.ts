import { join } from 'node:path';
import type { StatePaths } from './paths.ts';
import { loadSecrets } from './secrets.ts';
import { bubblewrapPath } from './services/sandbox.ts';
import type { Services } from './services/services.ts';

/** What `packages/testkit` reads: where the services of a test run are. */
export function testServiceVariables(
  state: StatePaths,
  services: Services,
): Readonly<Record<string, string>> {
  const secrets = loadSecrets(state.secrets);
  return {
    WATTPROOF_TEST_DATABASE_URL: services.adminDatabaseUrl,
    WATTPROOF_TEST_DATABASE_ROLE_PASSWORDS: JSON.stringify(secrets.databaseRolePasswords),
    WATTPROOF_TEST_REDIS_URL: services.redisUrl,
    WATTPROOF_TEST_MQTT_URL: services.mqttUrl,
    WATTPROOF_TEST_MQTT_ADMIN_USERNAME: services.mqttAdmin.username,
    WATTPROOF_TEST_MQTT_ADMIN_PASSWORD: services.mqttAdmin.password,
    WATTPROOF_TEST_MQTT_INGESTION_USERNAME: services.mqttIngestion.username,
    WATTPROOF_TEST_MQTT_INGESTION_PASSWORD: services.mqttIngestion.password,
    WATTPROOF_TEST_BUBBLEWRAP: bubblewrapPath(state.boot),
    WATTPROOF_TEST_PREFIX: state.prefix,
    WATTPROOF_TEST_TOOLS: state.tools,
    WATTPROOF_TEST_LOGS: join(state.root, 'logs'),
  };
}
