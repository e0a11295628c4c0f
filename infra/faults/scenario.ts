import type { IngestionProcess } from '@wattproof/ingestion/process';
import type { FaultServices } from './bench.ts';
import type { EnrolledGateway, FedGateway, Sender } from './gateway.ts';

/** What a fault did to the readings. */
export interface Outcome {
  /** What was done, and what was seen. */
  readonly done: string;
  readonly sent: number;
  readonly stored: number;
  /** Stored a second time. */
  readonly twice: number;
  /** What is wrong; empty where everything is right. */
  readonly wrong: readonly string[];
}

/** A row of the fault matrix. */
export interface Scenario {
  readonly id: string;
  readonly fault: string;
  /** It kills or fills services, which only services of its own may suffer. */
  readonly isDestructive: boolean;
  readonly run: (bench: FaultBench) => Promise<Outcome>;
}

export interface EnrolOptions {
  readonly meters?: number;
  /** Which of the bench's partitions: 0 or 1. */
  readonly partition?: 0 | 1;
}
export interface FeedPlan {
  readonly gateways: number;
  readonly meters: number;
  readonly period_ms: number | null;
  readonly step_ms?: number;
}

/** Services that the bench may harm. */
export interface ServiceControl {
  /** The process that listens on the service's port; it is started again whenever it ends. */
  readonly processOf: (service: 'postgres' | 'redis' | 'mosquitto') => number;
  /** What the broker has saved: sessions, queued and retained messages. */
  readonly brokerStore: string;
}
/** Programs, to run further services with. */
export interface Programs {
  readonly bubblewrap: string;
  readonly prefix: string;
}

/** What a scenario works with. Everything it starts ends with it. */
export interface FaultBench {
  /** Fewer repetitions, the same fault. */
  readonly isShort: boolean;
  /** From 0 to 1, from a seed that is printed. */
  readonly random: () => number;
  readonly partitions: number;
  readonly mqttUrl: string;
  readonly redisUrl: string;
  readonly adminDatabaseUrl: string;
  readonly workerDatabaseUrl: string;
  /** Throws where the services are not this bench's own. */
  readonly control: ServiceControl;
  readonly programs: Programs;
  /** Where outboxes are kept. */
  readonly folder: string;
  /** A query of the owner on a connection of its own: the services are killed on purpose. */
  readonly rows: <Row>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;
  readonly ingestion: (environment?: Readonly<Record<string, string>>) => Promise<IngestionProcess>;
  readonly enrol: (options?: EnrolOptions) => Promise<EnrolledGateway>;
  /** Gives gateways that the broker has forgotten their accounts back. */
  readonly enrolAgain: (gateways: readonly EnrolledGateway[]) => Promise<void>;
  readonly sender: (gateway: EnrolledGateway) => Promise<Sender>;
  readonly feed: (plan: FeedPlan) => Promise<readonly FedGateway[]>;
  /** Stops feeding, waits until everything is acknowledged, and compares what was taken with what is stored. */
  readonly settle: (fed: readonly Omit<FedGateway, 'feed'>[], done: string) => Promise<Outcome>;
  /** The same bench on another database, or another broker. */
  readonly elsewhere: (
    services: Partial<
      Pick<
        FaultServices,
        'adminDatabaseUrl' | 'ingestionDatabaseUrl' | 'mqttUrl' | 'mqttAdmin' | 'mqttIngestion'
      >
    >,
  ) => FaultBench;
  /** Adds what must end with the scenario. */
  readonly defer: (end: () => Promise<void>) => void;
}

/** Waits for a condition, at most so long. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  limit_s: number,
  what: string,
): Promise<void> {
  const deadline_ms = Date.now() + limit_s * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline_ms) throw new Error(`${what} within ${limit_s} s did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
