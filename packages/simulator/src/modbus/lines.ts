import type { SerialLine, SimulatedDevice, SimulatedLine } from './line.ts';
import { openPseudoTerminal } from './pseudo-terminal.ts';
import { serveSerial } from './serial-server.ts';
import { type RunningServer, serveTcp } from './tcp-server.ts';
import { createUnit, type Unit } from './unit.ts';

export interface LineOptions {
  /** Command that runs socat; needed where a line is serial. */
  readonly socat?: readonly string[];
  readonly onNotice?: (notice: { readonly line: string; readonly message: string }) => void;
}

export interface RunningLine extends RunningServer {
  readonly id: string;
  /** The TCP port in use (a line asked for on port 0 gets a free one). */
  readonly port?: number;
}

const restart_ms = 1000;

/** Serves every line; `stop` ends them all. A serial line whose pseudo-terminal dies is made again. */
export async function startLines(
  lines: readonly SimulatedLine[],
  options: LineOptions = {},
): Promise<{ readonly lines: readonly RunningLine[]; readonly stop: () => Promise<void> }> {
  const running: RunningLine[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((line) => line.stop()));
  };
  try {
    for (const line of lines) running.push(await startLine(line, options));
  } catch (error) {
    await stop();
    throw error;
  }
  return { lines: running, stop };
}

async function startLine(line: SimulatedLine, options: LineOptions): Promise<RunningLine> {
  const units = unitsOf(line.devices);
  if ('devicePath' in line) return startSerialLine(line, units, options);
  const framing = line.transport === 'tcp' ? 'tcp' : 'rtu';
  const server = await serveTcp(units, { port: line.port, framing });
  return { id: line.id, port: server.port, stop: server.stop };
}

async function startSerialLine(
  line: SerialLine,
  units: ReadonlyMap<number, Unit>,
  options: LineOptions,
): Promise<RunningLine> {
  const { socat } = options;
  if (!socat) throw new Error(`line ${line.id} is serial, and no socat command is given (WATTPROOF_SOCAT)`);
  let stopping = false;
  let restart: NodeJS.Timeout | undefined;
  let reopening: Promise<void> | undefined;
  let parts: RunningServer[] = [];
  const close = async (): Promise<void> => {
    const closing = parts;
    parts = [];
    for (const part of closing) await part.stop();
  };
  const lost = (message: string): void => {
    if (stopping || restart) return;
    options.onNotice?.({ line: line.id, message });
    restart = setTimeout(() => {
      restart = undefined;
      reopening = close()
        .then(open)
        .catch((error: Error) => lost(error.message));
    }, restart_ms);
  };
  const open = async (): Promise<void> => {
    if (stopping) return;
    const { devicePath, gatewayPath, timing, transport } = line;
    const cable = await openPseudoTerminal({ devicePath, gatewayPath, socat, onExit: lost });
    parts = [cable];
    const served = {
      path: devicePath,
      framing: transport,
      onLost: lost,
      ...(timing ? { timing, baud: timing.baud } : {}),
    };
    parts.unshift(await serveSerial(units, served));
  };
  await open();
  return {
    id: line.id,
    stop: async () => {
      stopping = true;
      clearTimeout(restart);
      // What is half open would take the name from whoever opens it next.
      await reopening;
      await close();
    },
  };
}

function unitsOf(devices: readonly SimulatedDevice[]): ReadonlyMap<number, Unit> {
  const entries = new Map<number, SimulatedDevice[]>();
  for (const device of devices) entries.set(device.unit, [...(entries.get(device.unit) ?? []), device]);
  return new Map([...entries].map(([unit, list]) => [unit, createUnit(list)]));
}
