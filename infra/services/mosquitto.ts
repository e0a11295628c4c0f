import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { keepAccounts, mendAccounts } from './broker-accounts.ts';
import { type BrokerAccount, initialDynamicSecurity } from './dynamic-security.ts';
import { type ServiceContext, type ServiceProcess, startSandboxed } from './service-process.ts';

const keepAccounts_ms = 5_000;

interface BrokerSettings {
  /** Port, with the address to listen on where it is not every one. */
  readonly listener: string;
  readonly pluginFile: string;
  readonly dataFolder: string;
  /** As of the applications (`WATTPROOF_LOG_LEVEL`). */
  readonly logLevel?: string | undefined;
}

/**
 * With `debug` every packet is logged, and so are refused publishes, which Mosquitto knows at that level only; it halves what
 * the broker can carry and fills disks.
 */
const logTypes = (level: string | undefined): readonly string[] =>
  level === 'debug' || level === 'trace' ? ['all'] : ['error', 'warning', 'notice', 'information'];

export function brokerConfiguration({ listener, pluginFile, dataFolder, logLevel }: BrokerSettings): string {
  const lines = [
    'per_listener_settings false',
    `listener ${listener}`,
    'protocol mqtt',
    'socket_domain ipv4',
    'allow_anonymous false',
    `plugin ${pluginFile}`,
    `plugin_opt_config_file ${dataFolder}/dynamic-security.json`,
    'persistence true',
    `persistence_location ${dataFolder}/`,
    'autosave_interval 60',
    // The default of 1000 messages drops silently what a stopped consumer has not fetched; bytes limit instead.
    // Not 0 for "no limit": then a refused publish ends the sender's connection before it sees the reason code.
    'max_queued_messages 10000000',
    'max_queued_bytes 536870912',
    'max_inflight_messages 100',
    'max_packet_size 1048576',
    'persistent_client_expiration 14d',
    'check_retain_source true',
    'log_dest stdout',
    ...logTypes(logLevel).map((type) => `log_type ${type}`),
    'log_timestamp_format %Y-%m-%dT%H:%M:%S',
  ];
  return `${lines.join('\n')}\n`;
}

/** For the image eclipse-mosquitto: the container's own network, its port is published on 127.0.0.1 only. */
export function containerBrokerConfiguration(): string {
  return brokerConfiguration({
    listener: '1883',
    pluginFile: '/usr/lib/mosquitto_dynamic_security.so',
    dataFolder: '/mosquitto/data',
    logLevel: process.env.WATTPROOF_LOG_LEVEL,
  });
}

/** A real MQTT 5 sign-in with the broker's own credentials. */
export async function probeBroker(url: string, account: BrokerAccount): Promise<void> {
  const client = await mqtt.connectAsync(url, {
    protocolVersion: 5,
    username: account.username,
    password: account.password,
    reconnectPeriod: 0,
    connectTimeout: 5000,
  });
  await client.endAsync();
}

export function pluginFile(prefix: string): string {
  const triplets = ['x86_64-linux-gnu', 'aarch64-linux-gnu'];
  const found = triplets
    .map((triplet) => `/usr/lib/${triplet}/mosquitto_dynamic_security.so`)
    .find((file) => existsSync(join(prefix, file)));
  if (!found) throw new Error(`the dynamic security plugin is not in ${prefix}`);
  return found;
}

export async function startMosquitto(
  context: ServiceContext,
  {
    port,
    admin,
    ingestion,
  }: { readonly port: number; readonly admin: BrokerAccount; readonly ingestion: BrokerAccount },
): Promise<{ readonly service: ServiceProcess; readonly mqttUrl: string }> {
  const data = context.paths.mosquitto;
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const configuration = brokerConfiguration({
    listener: `${port} 127.0.0.1`,
    pluginFile: pluginFile(context.paths.prefix),
    dataFolder: '/data',
    logLevel: process.env.WATTPROOF_LOG_LEVEL,
  });
  writeFileSync(join(data, 'mosquitto.conf'), configuration, {
    mode: 0o600,
  });
  // The broker itself writes this file from now on: gateways are enrolled while it runs.
  const security = join(data, 'dynamic-security.json');
  if (!existsSync(security)) {
    writeFileSync(security, JSON.stringify(initialDynamicSecurity(admin, ingestion), null, 2), {
      mode: 0o600,
    });
  }
  const mqttUrl = `mqtt://127.0.0.1:${port}`;
  const service = await startSandboxed(context, {
    name: 'mosquitto',
    prepare: () => {
      if (mendAccounts(data))
        context.report(
          "the broker's accounts were cut off by a full disk: the last whole ones are used; gateways enrolled since must be enrolled again",
        );
    },
    command: ['mosquitto', '-c', '/data/mosquitto.conf'],
    binds: [{ from: data, to: '/data', writable: true }],
    stopSignal: 'SIGTERM',
    probe: () => probeBroker(mqttUrl, admin),
  });
  const keep = (): void => {
    try {
      keepAccounts(data);
    } catch (error) {
      // Recovery: the copy before stays, and the next look tries again.
      context.report(`the broker's accounts could not be copied: ${(error as Error).message}`);
    }
  };
  keep();
  setInterval(keep, keepAccounts_ms).unref();
  return { service, mqttUrl };
}
