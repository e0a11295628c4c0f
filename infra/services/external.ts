import { AppError } from '@wattproof/runtime';
import type { BrokerAccount } from './dynamic-security.ts';

export interface ExternalServices {
  readonly adminDatabaseUrl?: string;
  readonly redisUrl?: string;
  readonly mqttUrl?: string;
  readonly mqttAdmin?: BrokerAccount;
}

/**
 * Services given in the environment, used instead of starting them:
 * `WATTPROOF_DATABASE_URL` of a role that may create databases, roles and the extension timescaledb;
 * `WATTPROOF_REDIS_URL`; `WATTPROOF_MQTT_URL` of a Mosquitto with the dynamic security plugin, whose
 * administrator is `WATTPROOF_MQTT_USERNAME` with `WATTPROOF_MQTT_PASSWORD`.
 */
export function externalServices(environment: NodeJS.ProcessEnv): ExternalServices {
  const { WATTPROOF_DATABASE_URL, WATTPROOF_REDIS_URL, WATTPROOF_MQTT_URL } = environment;
  const { WATTPROOF_MQTT_USERNAME, WATTPROOF_MQTT_PASSWORD } = environment;
  if (WATTPROOF_MQTT_URL && !(WATTPROOF_MQTT_USERNAME && WATTPROOF_MQTT_PASSWORD)) {
    throw new AppError(
      'invalid',
      "WATTPROOF_MQTT_URL is given without credentials: set WATTPROOF_MQTT_USERNAME and WATTPROOF_MQTT_PASSWORD to the administrator of the broker's dynamic security plugin.",
    );
  }
  return {
    ...(WATTPROOF_DATABASE_URL ? { adminDatabaseUrl: WATTPROOF_DATABASE_URL } : {}),
    ...(WATTPROOF_REDIS_URL ? { redisUrl: WATTPROOF_REDIS_URL } : {}),
    ...(WATTPROOF_MQTT_URL
      ? {
          mqttUrl: WATTPROOF_MQTT_URL,
          mqttAdmin: { username: WATTPROOF_MQTT_USERNAME ?? '', password: WATTPROOF_MQTT_PASSWORD ?? '' },
        }
      : {}),
  };
}
