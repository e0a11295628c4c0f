import type { GatewayConfiguration } from '@wattproof/contracts/mqtt';
import type { LoginRole } from '@wattproof/database';
import type { Ports } from './ports.ts';

/** What `seedDemo` of `infra/demo/seed.ts` gets from the supervisor. */
export interface SeedDemoOptions {
  readonly adminDatabaseUrl: string;
  /** Connection of the role of one process. */
  readonly databaseUrlOf: (role: LoginRole) => string;
  readonly redisUrl: string;
  readonly mqttUrl: string;
  readonly ports: Ports;
  /** Folder of this run's state (`WATTPROOF_STATE` of every process of the demo). */
  readonly stateFolder: string;
  /** `WATTPROOF_SECRET_KEY` of the API: 32 bytes, base64. */
  readonly secretKey: string;
  /** What it is doing at the moment, for the terminal: "history 42 %". */
  readonly progress: (text: string) => void;
  readonly months: number;
  readonly seed: number;
  /** Fixed end of the history, ISO 8601; now when absent. */
  readonly end?: string;
}

export interface SeededAccount {
  readonly role: string;
  readonly organisation: string;
  readonly email: string;
  readonly password: string;
}

export interface SeededApiKey {
  readonly organisation: string;
  readonly scope: string;
  readonly key: string;
}

export interface SeededGateway {
  readonly gatewayId: string;
  readonly partition: number;
  readonly username: string;
  readonly password: string;
  readonly configuration: GatewayConfiguration;
}

/** A gateway that is not ours, for a newcomer's own program. */
export interface SeededCustomGateway {
  readonly id: string;
  readonly username: string;
  readonly password: string;
  /** Topic of its readings in the public JSON form. */
  readonly topic: string;
  /** Keys of its meters. */
  readonly meters: readonly string[];
}

/** What `seedDemo` returns; the same again at every later start. Plain data: it crosses a process border. */
export interface SeededDemo {
  readonly accounts: readonly SeededAccount[];
  readonly apiKeys: readonly SeededApiKey[];
  /** Each is run as one edge process. */
  readonly gateways: readonly SeededGateway[];
  readonly customGateway: SeededCustomGateway;
}

export type SeedDemo = (options: SeedDemoOptions) => Promise<SeededDemo>;

/** `.wattproof/demo.json`: what scripts and real clients need to connect. */
export interface DemoFile {
  readonly portalUrl: string;
  readonly apiUrl: string;
  readonly docsUrl: string;
  readonly accounts: readonly SeededAccount[];
  /** Read-only role over all organisations; tables are named in ARCHITECTURE.md. */
  readonly databaseUrl: string;
  readonly apiKeys: readonly SeededApiKey[];
  readonly gateway: SeededCustomGateway & { readonly mqttUrl: string };
}
