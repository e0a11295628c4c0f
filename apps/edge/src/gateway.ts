import type { CommandMessage, GatewayConfiguration, StateMessage } from '@wattproof/contracts/mqtt';
import { profileFinder } from '@wattproof/devices';
import type { Logger } from '@wattproof/runtime';
import { watchClock } from './clock.ts';
import { startCollector } from './collector.ts';
import { carryOut } from './command/command.ts';
import type { StartFile } from './configuration.ts';
import { type RunningLine, runLine } from './line/line.ts';
import { readMemories, writeMemories } from './line/memory-file.ts';
import { holdWhileFailing } from './outbox/holding.ts';
import { openOutbox, standardLimits } from './outbox/outbox.ts';
import { schemaOfConfiguration } from './outbox/schema.ts';
import { keepConfiguration } from './probation/probation.ts';
import { startUplink } from './uplink/uplink.ts';

const version = '0.1.0';
const statePeriod_ms = 30_000;
/** A change of a line or device is reported after this pause, several at once. */
const stateDelay_ms = 1000;
const day_ms = 86_400_000;
const linger_ms = 200;
/** A reading is in memory only for no longer than this. */
const longest_ms = 2500;
/** What lines have learnt is kept this often, and at the end. */
const memoryPeriod_ms = 300_000;

const limitOf = ({ outbox }: GatewayConfiguration): { readonly bytes: number; readonly days: number } => ({
  bytes: outbox ? outbox.limit_mb * 1_000_000 : standardLimits.waiting_bytes,
  days: outbox?.limit_days ?? standardLimits.waiting_days,
});

/** A whole gateway: lines → outbox → broker, until it is stopped. */
export function startGateway(start: StartFile, logger: Logger): { readonly stop: () => Promise<void> } {
  const outbox = openOutbox(start.stateFolder);
  const clock = watchClock();
  let lines: RunningLine[] = [];

  const state = (): StateMessage => {
    const held = outbox.state();
    return {
      online: true,
      at: new Date().toISOString(),
      version,
      boot: outbox.boot,
      clockSynchronised: clock.synchronised(),
      clock: clock.state(),
      ...configuration.state(),
      outbox: {
        batches: held.batches,
        bytes: held.bytes,
        oldestAt: held.oldestAt_ms === undefined ? null : new Date(held.oldestAt_ms).toISOString(),
        lost: outbox.gaps().map((gap) => ({
          from: new Date(gap.from_ms).toISOString(),
          to: new Date(gap.to_ms).toISOString(),
          readings: gap.readings,
        })),
        limit: limitOf(configuration.current()),
        failing: holding.failing(),
      },
      lines: lines.map((line) => line.state()),
    };
  };

  const configuration = keepConfiguration(
    start,
    {
      start: (next) => startLines(next),
      stop: () => stopLines(),
      lastReads: () => new Map(lines.flatMap((line) => [...line.lastReads()])),
      isConnected: () => uplink.isConnected(),
      acknowledgedAt_ms: () => uplink.acknowledgedAt_ms(),
      onChange: () => uplink.publishState(),
    },
    logger,
  );

  // The schema must be known before the uplink accepts readings, and the uplink before the lines run.
  const announced = outbox.useSchema(schemaOfConfiguration(configuration.current()));
  const uplink = startUplink({
    ...start,
    outbox,
    logger,
    clock: clock.synchronised,
    state,
    onConfiguration: configuration.receive,
    onCommand: (command) => {
      void obey(command);
    },
  });
  uplink.announceSchema(announced.encoded);
  const holding = holdWhileFailing({ accept: uplink.accept, addGap: outbox.addGap }, logger);
  const collector = startCollector(holding.accept, { linger_ms, longest_ms });

  let soon: NodeJS.Timeout | undefined;
  const publishSoon = (): void => {
    soon ??= setTimeout(() => {
      soon = undefined;
      uplink.publishState();
    }, stateDelay_ms);
  };

  const keepMemory = (): void => {
    try {
      writeMemories(start.stateFolder, Object.fromEntries(lines.map((line) => [line.key, line.learned()])));
    } catch (error) {
      // A full disk: what was learnt can be learnt again.
      logger.warn({ reason: (error as Error).message }, 'what the lines have learnt could not be kept');
    }
  };
  const startLines = (next: GatewayConfiguration): void => {
    const memories = readMemories(start.stateFolder);
    const { bytes, days } = limitOf(next);
    outbox.limitWaiting({ waiting_bytes: bytes, waiting_days: days });
    uplink.announceSchema(outbox.useSchema(schemaOfConfiguration(next)).encoded);
    const findProfile = profileFinder(next.profiles);
    // What is older than the outbox would keep is given up there at once.
    const memorySink = { accept: uplink.acceptPast, oldest_ms: () => Date.now() - days * day_ms };
    lines = next.lines.map((line) =>
      runLine({
        line,
        periods: next,
        findProfile,
        memory: memories[line.key] ?? [],
        onReadings: (readings) => collector.add(line.key, readings),
        onRest: () => collector.rest(line.key),
        onChange: publishSoon,
        memorySink,
        logger,
      }),
    );
  };
  const stopLines = async (): Promise<void> => {
    keepMemory();
    await Promise.all(lines.map((line) => line.stop()));
    collector.flush();
  };
  const obey = async (command: CommandMessage): Promise<void> => {
    const result = await carryOut(command, (key) => lines.find((line) => line.key === key));
    logger.info({ id: command.id, kind: command.kind, outcome: result.outcome }, 'command carried out');
    uplink.publishResult(result);
  };

  configuration.begin();
  const stateTimer = setInterval(uplink.publishState, statePeriod_ms);
  const memoryTimer = setInterval(keepMemory, memoryPeriod_ms);
  logger.info({ gatewayId: start.gatewayId, version: configuration.current().version }, 'gateway started');

  const stop = async (): Promise<void> => {
    clearInterval(stateTimer);
    clearInterval(memoryTimer);
    clock.stop();
    await configuration.stop();
    await stopLines();
    clearTimeout(soon);
    holding.stop();
    await uplink.stop();
    outbox.close();
  };
  let stopped: Promise<void> | undefined;
  return {
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
