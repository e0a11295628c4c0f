import {
  decodeAscii,
  decodeRtu,
  encodeAscii,
  encodeRtu,
  type Message,
  rtuRequestLength,
} from '@wattproof/devices';
import { SerialPort } from 'serialport';
import type { RunningServer } from './tcp-server.ts';
import type { Answer, Unit } from './unit.ts';

export interface SerialOptions {
  readonly path: string;
  readonly framing: 'rtu' | 'ascii';
  readonly baud?: number;
  /** Called when the port closes by itself: the other side of a pseudo-terminal is gone. */
  readonly onLost?: (reason: string) => void;
}

/** A request that stops in the middle for this long is given up, as a real slave does after 1.5 characters. */
const giveUp_ms = 30;
const longestAsciiFrame_bytes = 513;

/** Serves units on a serial port. Broadcasts (unit 0) are carried out and never answered; other addresses are ignored. */
export async function serveSerial(
  units: ReadonlyMap<number, Unit>,
  options: SerialOptions,
): Promise<RunningServer> {
  const ascii = options.framing === 'ascii';
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
  const receive = ascii ? asciiReceiver : rtuReceiver;
  const waiting = new Set<NodeJS.Timeout>();
  port.on(
    'data',
    receive((message) => {
      const reply = answerOf(units, message);
      if (!reply) return;
      const frame = frameOf(options.framing, { unit: message.unit, pdu: reply.pdu }, reply.wrongCheck);
      const timer = setTimeout(() => {
        waiting.delete(timer);
        if (port.isOpen) port.write(frame);
      }, reply.delay_ms);
      waiting.add(timer);
    }),
  );
  return {
    stop: async () => {
      stopping = true;
      for (const timer of waiting) clearTimeout(timer);
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

function frameOf(framing: 'rtu' | 'ascii', message: Message, wrongCheck: boolean): Buffer {
  if (framing === 'rtu') {
    const frame = Buffer.from(encodeRtu(message));
    if (wrongCheck) frame.writeUInt8((frame.at(-1) ?? 0) ^ 0xff, frame.length - 1);
    return frame;
  }
  const text = encodeAscii(message);
  return Buffer.from(
    wrongCheck ? text.replace(/..\r\n$/, (end) => (end === '00\r\n' ? '01\r\n' : '00\r\n')) : text,
    'latin1',
  );
}

/** Finds requests in a stream of bytes by their length; what is no request is dropped at the next silence. */
function rtuReceiver(deliver: (message: Message) => void): (chunk: Buffer) => void {
  let input: Buffer = Buffer.alloc(0);
  let silence: NodeJS.Timeout | undefined;
  return (chunk) => {
    clearTimeout(silence);
    input = Buffer.concat([input, chunk]);
    for (;;) {
      const length = rtuRequestLength(input);
      if (!length || input.length < length) break;
      const message = decodeRtu(input.subarray(0, length));
      if (!message) break;
      input = input.subarray(length);
      deliver(message);
    }
    silence = setTimeout(() => {
      // A function code whose length is not known ends here.
      const message = rtuRequestLength(input) === 0 ? decodeRtu(input) : undefined;
      input = Buffer.alloc(0);
      if (message) deliver(message);
    }, giveUp_ms);
  };
}

function asciiReceiver(deliver: (message: Message) => void): (chunk: Buffer) => void {
  let input = '';
  return (chunk) => {
    input += chunk.toString('latin1');
    for (;;) {
      const start = input.lastIndexOf(':', input.indexOf('\n') < 0 ? input.length : input.indexOf('\n'));
      const end = input.indexOf('\n');
      if (end < 0) break;
      const message = start >= 0 ? decodeAscii(input.slice(start, end + 1)) : undefined;
      input = input.slice(end + 1);
      if (message) deliver(message);
    }
    if (input.length > longestAsciiFrame_bytes) input = '';
  };
}
