import type { GatewayConfiguration, StateMessage } from '@wattproof/contracts/mqtt';
import type { Logger } from '@wattproof/runtime';
import { assertUsable, configurationInForce, type StartFile, storeConfiguration } from '../configuration.ts';
import {
  endProbation,
  type ProbationRecord,
  type Returned,
  readProbation,
  readReturned,
  writeProbation,
  writeReturned,
} from './record.ts';
import { judge, longestProbation_ms } from './verdict.ts';

/** What reads by a configuration, as probation sees it. */
export interface Reading {
  /** Begins to read by it; what was read by before has stopped. */
  readonly start: (configuration: GatewayConfiguration) => void;
  readonly stop: () => Promise<void>;
  /** When each meter was last read, by key. */
  readonly lastReads: () => ReadonlyMap<string, number>;
  readonly isConnected: () => boolean;
  /** When the cloud last acknowledged readings. */
  readonly acknowledgedAt_ms: () => number | undefined;
  /** The state has changed and should be told. */
  readonly onChange: () => void;
}

export interface ConfigurationKeeper {
  readonly current: () => GatewayConfiguration;
  readonly state: () => Pick<StateMessage, 'configVersion' | 'configuration'>;
  readonly receive: (received: GatewayConfiguration) => void;
  /** Begins to read, by what was read by when the process last ended. */
  readonly begin: () => void;
  readonly stop: () => Promise<void>;
}

interface Trial {
  readonly record: ProbationRecord;
  /** Of this process: by the clock that nobody sets. */
  readonly begun_ms: number;
  readonly left_ms: number;
  readonly begunAt_ms: number;
  /**
   * When its first reading was taken, as soon as one is seen. The newest ones will not do: whoever looks between a reading and
   * its acknowledgement, and looks as often as is read, would see nothing acknowledged for ever.
   */
  firstReadAt_ms: number | undefined;
}

const tick_ms = 1000;
const notSeenYet = {
  elapsed_ms: 0,
  left_ms: 1,
  answered: new Set<string>(),
  isConnected: false,
  isDelivering: false,
} as const;
/** A device that answered within this many cycles counts as answering. */
const recent_periods = 3;
const recentLeast_ms = 30_000;

/**
 * Keeps the configuration in force and tries a newer one: checked, written down as on probation, read by, and then kept or
 * returned from. Whenever the process ends, the disk says which of the two it was at.
 */
export function keepConfiguration(start: StartFile, reading: Reading, logger: Logger): ConfigurationKeeper {
  const { stateFolder } = start;
  let inForce = configurationInForce(start);
  let returned = readReturned(stateFolder);
  let trial: Trial | undefined;
  let changing = Promise.resolve();
  let isStopped = false;

  const interrupted = readProbation(stateFolder);
  if (interrupted && interrupted.candidate.version > inForce.version)
    trial = trialOf({ ...interrupted, starts: interrupted.starts + 1 });

  const current = (): GatewayConfiguration => trial?.record.candidate ?? inForce;
  /** One change after the other; a fault in one does not end the gateway. */
  const change = (work: () => Promise<void>): void => {
    changing = changing.then(work).catch((error: unknown) => {
      logger.error({ err: error }, 'the configuration could not be changed');
    });
  };

  const refuse = async (version: number, refusal: Pick<Returned, 'reason' | 'message'>): Promise<void> => {
    returned = { version, at: new Date().toISOString(), ...refusal };
    await writeReturned(stateFolder, returned);
    logger.error({ version, ...refusal }, 'a configuration was not kept');
    reading.onChange();
  };

  const tryOut = async (candidate: GatewayConfiguration): Promise<void> => {
    if (candidate.version <= Math.max(current().version, returned?.version ?? 0)) return;
    try {
      assertUsable(candidate);
    } catch (error) {
      return refuse(candidate.version, {
        reason: 'unusable',
        message: (error as Error).message.slice(0, 2000),
      });
    }
    const longest_ms =
      candidate.probation_s === undefined
        ? longestProbation_ms(candidate.pollPeriod_s * 1000)
        : candidate.probation_s * 1000;
    // A candidate that comes while another is tried is judged by what answered before both.
    const expected = (trial?.record.expected ?? answeringNow()).filter((key) => isRead(candidate, key));
    const record = { candidate, expected, started_ms: Date.now(), longest_ms, starts: 1 };
    await writeProbation(stateFolder, record);
    await reading.stop();
    trial = trialOf(record);
    reading.start(candidate);
    logger.info(
      { version: candidate.version, expected: expected.length, longest_ms },
      'configuration on probation',
    );
    reading.onChange();
  };

  const answeringNow = (): string[] => {
    const since_ms = Date.now() - Math.max(recentLeast_ms, recent_periods * current().pollPeriod_s * 1000);
    return [...reading.lastReads()].filter(([, at_ms]) => at_ms >= since_ms).map(([key]) => key);
  };

  const keep = async ({ record: { candidate } }: Trial): Promise<void> => {
    await storeConfiguration(stateFolder, candidate);
    await endProbation(stateFolder);
    inForce = candidate;
    trial = undefined;
    logger.info({ version: candidate.version }, 'configuration in force');
    reading.onChange();
  };

  const goBack = async (
    { record: { candidate } }: Trial,
    why: Pick<Returned, 'reason' | 'message'>,
  ): Promise<void> => {
    trial = undefined;
    // First the reason, then the end: a process that ends between the two comes back to the probation and judges again.
    await refuse(candidate.version, why);
    await endProbation(stateFolder);
    await reading.stop();
    reading.start(inForce);
    reading.onChange();
  };

  const look = async (): Promise<void> => {
    if (!trial) return;
    const elapsed_ms = performance.now() - trial.begun_ms;
    const { begunAt_ms } = trial;
    const reads = [...reading.lastReads()].filter(([, at_ms]) => at_ms >= begunAt_ms);
    if (reads.length > 0) trial.firstReadAt_ms ??= Math.min(...reads.map(([, at_ms]) => at_ms));
    const verdict = judge(trial.record, {
      elapsed_ms,
      left_ms: trial.left_ms - elapsed_ms,
      answered: new Set(reads.map(([key]) => key)),
      isConnected: reading.isConnected(),
      isDelivering: (reading.acknowledgedAt_ms() ?? 0) >= (trial.firstReadAt_ms ?? Number.POSITIVE_INFINITY),
    });
    if (verdict.kind === 'keep') await keep(trial);
    if (verdict.kind === 'return') await goBack(trial, verdict);
  };

  const timer = setInterval(() => change(look), tick_ms);
  return {
    current,
    state: () => ({
      configVersion: current().version,
      configuration: {
        phase: trial ? 'probation' : 'inForce',
        ...(trial
          ? { until: new Date(trial.record.started_ms + trial.record.longest_ms).toISOString() }
          : {}),
        returned: returned ?? null,
      },
    }),
    receive: (received) => {
      if (!isStopped) change(() => tryOut(received));
    },
    begin: () =>
      change(async () => {
        if (!trial) return reading.start(inForce);
        // Counted before it is read by: what ends the process at once must not do so for ever.
        await writeProbation(stateFolder, trial.record);
        const verdict = judge(trial.record, notSeenYet);
        if (verdict.kind === 'return') return goBack(trial, verdict);
        reading.start(trial.record.candidate);
      }),
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      await changing;
    },
  };
}

/** A probation goes on for what is left of it, but never longer than it was given: the clock may have been set meanwhile. */
function trialOf(record: ProbationRecord): Trial {
  const now_ms = Date.now();
  const left_ms = Math.min(record.longest_ms, record.started_ms + record.longest_ms - now_ms);
  return { record, begun_ms: performance.now(), begunAt_ms: now_ms, left_ms, firstReadAt_ms: undefined };
}

const isRead = ({ lines }: GatewayConfiguration, key: string): boolean =>
  lines.some((line) => line.meters.some((meter) => meter.key === key));
