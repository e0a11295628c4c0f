import type { GatewayConfiguration, StateMessage, WireReading } from '@wattproof/contracts/mqtt';
import type { Logger } from '@wattproof/runtime';
import { clockSynchronised } from './clock.ts';
import { startCollector } from './collector.ts';
import { assertUsable, configurationInForce, type StartFile, storeConfiguration } from './configuration.ts';
import { type RunningLine, runLine } from './line/line.ts';
import { readMemories, writeMemories } from './line/memory-file.ts';
import { openOutbox } from './outbox/outbox.ts';
import { schemaOfConfiguration } from './outbox/schema.ts';
import { startUplink } from './uplink/uplink.ts';

const version = '0.1.0';
const statePeriod_ms = 30_000;
/** A change of a line or device is reported after this pause, several at once. */
const stateDelay_ms = 1000;
const linger_ms = 200;
/** What lines have learnt is kept this often, and at the end. */
const memoryPeriod_ms = 300_000;

/** A whole gateway: lines → outbox → broker, until it is stopped. */
export function startGateway(start: StartFile, logger: Logger): { readonly stop: () => Promise<void> } {
  const outbox = openOutbox(start.stateFolder);
  let configuration = configurationInForce(start);
  let lines: RunningLine[] = [];
  let changing = Promise.resolve();

  const state = (): StateMessage => {
    const held = outbox.state();
    return {
      online: true,
      at: new Date().toISOString(),
      version,
      boot: outbox.boot,
      clockSynchronised: clockSynchronised(),
      configVersion: configuration.version,
      outbox: {
        batches: held.batches,
        bytes: held.bytes,
        oldestAt: held.oldestAt_ms === undefined ? null : new Date(held.oldestAt_ms).toISOString(),
        lost: outbox.gaps().map((gap) => ({
          from: new Date(gap.from_ms).toISOString(),
          to: new Date(gap.to_ms).toISOString(),
          readings: gap.readings,
        })),
      },
      lines: lines.map((line) => line.state()),
    };
  };

  const applyConfiguration = async (received: GatewayConfiguration): Promise<void> => {
    if (received.version <= configuration.version) return;
    try {
      assertUsable(received);
    } catch (error) {
      logger.error(
        { reason: (error as Error).message, version: received.version },
        'a configuration was refused',
      );
      return;
    }
    await storeConfiguration(start.stateFolder, received);
    await stopLines();
    configuration = received;
    startLines();
    logger.info({ version: received.version }, 'configuration in force');
    uplink.publishState();
  };

  // The schema must be known before the uplink accepts readings, and the uplink before the lines run.
  const announced = outbox.useSchema(schemaOfConfiguration(configuration));
  const uplink = startUplink({
    ...start,
    outbox,
    logger,
    clock: clockSynchronised,
    state,
    onConfiguration: (received) => {
      changing = changing.then(() => applyConfiguration(received));
    },
  });
  uplink.announceSchema(announced.encoded);
  const accept = (readings: readonly WireReading[]): void => {
    try {
      uplink.accept(readings);
    } catch (error) {
      // A full or broken disk: the gateway keeps reading, and says what it could not keep.
      logger.error({ err: error, readings: readings.length }, 'readings could not be stored');
    }
  };
  const collector = startCollector(accept, { linger_ms });

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
  const startLines = (): void => {
    const memories = readMemories(start.stateFolder);
    uplink.announceSchema(outbox.useSchema(schemaOfConfiguration(configuration)).encoded);
    const periods = configuration;
    lines = configuration.lines.map((line) => {
      const memory = memories[line.key] ?? [];
      return runLine({
        line,
        periods,
        memory,
        onReadings: collector.add,
        onChange: publishSoon,
        logger,
      });
    });
  };
  const stopLines = async (): Promise<void> => {
    keepMemory();
    await Promise.all(lines.map((line) => line.stop()));
    collector.flush();
  };

  startLines();
  const stateTimer = setInterval(uplink.publishState, statePeriod_ms);
  const memoryTimer = setInterval(keepMemory, memoryPeriod_ms);
  logger.info(
    { gatewayId: start.gatewayId, lines: lines.length, version: configuration.version },
    'gateway started',
  );

  const stop = async (): Promise<void> => {
    clearInterval(stateTimer);
    clearInterval(memoryTimer);
    await changing;
    await stopLines();
    clearTimeout(soon);
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
