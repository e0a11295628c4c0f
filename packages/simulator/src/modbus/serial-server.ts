import type { CharacterFormat, Message } from '@wattproof/devices';
import { SerialPort } from 'serialport';
import { asciiReceiver, type Received, rtuReceiver } from './receiver.ts';
import type { RunningServer } from './tcp-server.ts';
import { type Transmission, transmissionsOf } from './transmission.ts';
import type { Answer, Unit } from './unit.ts';
import { type Arrival, createWire, doAbout, doAt } from './wire-time.ts';

export interface SerialOptions {
  readonly path: string;
  readonly framing: 'rtu' | 'ascii';
  readonly baud?: number;
  /** Characters take their time; left out, a reply is there at once. */
  readonly timing?: CharacterFormat;
  /** Called when the port closes by itself: the other side of a pseudo-terminal is gone. */
  readonly onLost?: (reason: string) => void;
}

/** Serves units on a serial port. Broadcasts (unit 0) are carried out and never answered; other addresses are ignored. */
export async function serveSerial(
  units: ReadonlyMap<number, Unit>,
  options: SerialOptions,
): Promise<RunningServer> {
  const { framing, timing } = options;
  const ascii = framing === 'ascii';
  const port = new SerialPort({
    path: options.path,
    baudRate: options.baud ?? 19_200,
    dataBits: ascii ? 7 : 8,
    parity: ascii ? 'even' : 'none',
    autoOpen: false,
  });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  let stopping = false;
  const lost = (reason: string): void => {
    if (!stopping) options.onLost?.(reason);
  };
  port.on('close', () => lost('closed'));
  port.on('error', (error) => lost(error.message));
  const write = (bytes: Uint8Array): void => {
    if (port.isOpen) port.write(Buffer.from(bytes));
  };
  const wire = timing && createWire(timing);
  /** One after the other, however late this process is; only the end must be on time, since waiting precisely costs. */
  const play = ([next, ...rest]: readonly Arrival[]): void => {
    if (!next) return;
    const wait = rest.length > 0 ? doAbout : doAt;
    wait(next.at_ms, () => {
      write(next.bytes);
      play(rest);
    });
  };
  const send = (
    { first_ms, bytes }: Received,
    turnaround_ms: number,
    parts: readonly Transmission[],
  ): void => {
    const start_ms = (wire?.requestEnd_ms(first_ms, bytes) ?? performance.now()) + turnaround_ms;
    play(
      parts.flatMap((part) => {
        const at_ms = start_ms + part.after_ms;
        return wire?.send(part.bytes, at_ms) ?? [{ at_ms, bytes: part.bytes }];
      }),
    );
  };
  port.on(
    'data',
    (ascii ? asciiReceiver : rtuReceiver)((received) => {
      const { unit } = received.message;
      const answer = answerOf(units, received.message);
      if (!answer) {
        wire?.requestEnd_ms(received.first_ms, received.bytes);
        return;
      }
      const parts = transmissionsOf(framing, { unit, pdu: answer.pdu }, answer.fault);
      if (parts === 'unplug') port.close();
      else send(received, units.get(unit)?.turnaround_ms ?? 0, parts);
    }),
  );
  return {
    stop: async () => {
      stopping = true;
      if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
    },
  };
}

function answerOf(units: ReadonlyMap<number, Unit>, { unit, pdu }: Message): Answer | undefined {
  const now_ms = Date.now();
  if (unit !== 0) return units.get(unit)?.answer(pdu, now_ms);
  for (const device of units.values()) device.answer(pdu, now_ms);
  return undefined;
}
