import type { LoginRole } from '@wattproof/database';
import type { Ports } from './ports.ts';
import type { BrokerAccount } from './services/dynamic-security.ts';

/** What a benchmark gets: running services of its own, migrated, on the ports of benchmarks. */
export interface BenchContext {
  /** Arguments after the name: `npm run bench -- NAME --runs 5`. */
  readonly flags: readonly string[];
  readonly adminDatabaseUrl: string;
  readonly databaseUrlOf: (role: LoginRole) => string;
  readonly redisUrl: string;
  readonly mqttUrl: string;
  readonly mqttAdmin: BrokerAccount;
  readonly mqttIngestion: BrokerAccount;
  /** `WATTPROOF_SECRET_KEY` for processes of the product that are measured. */
  readonly secretKey: string;
  readonly ports: Ports;
  /** Kept between runs, for data that is costly to make. */
  readonly scratchFolder: string;
  /** Command line of a program that is compared with; it is provided when it is first asked for. */
  readonly peer: (command: readonly string[], options: PeerOptions) => Promise<readonly string[]>;
  /** A line for the terminal, on standard error. */
  readonly log: (text: string) => void;
}

export interface PeerOptions {
  /** What it may read, at the same path. */
  readonly folders: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Plain data; printed as one line of JSON. */
export type BenchResult = Readonly<Record<string, unknown>>;

/** `bench/NAME.ts` exports it as `run` (or as default). */
export type Benchmark = (context: BenchContext) => Promise<BenchResult>;
