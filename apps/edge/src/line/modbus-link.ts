import { EventEmitter } from 'node:events';
import type { GatewayConfiguration } from '@wattproof/contracts/mqtt';
import { characterTimeOf_ms, exchangeBytes, type ReadBlock } from '@wattproof/devices';
import modbusSerial from 'modbus-serial';
import { within } from '../within.ts';

const ModbusClient = modbusSerial.default;
type ModbusClient = InstanceType<typeof ModbusClient>;

export type LineTransport = GatewayConfiguration['lines'][number]['transport'];

/** How a read ended. `start_ms` and `end_ms` are wall-clock instants of request and reply. */
export type ReadOutcome =
  | {
      readonly kind: 'words';
      readonly words: readonly number[];
      readonly start_ms: number;
      readonly end_ms: number;
    }
  | { readonly kind: 'exception'; readonly code: number }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'garbled'; readonly message: string }
  | { readonly kind: 'lost'; readonly message: string };

export interface WriteRange {
  readonly address: number;
  readonly words: readonly number[];
}
/** `written` is what the device says; whether it is so, only reading back tells. */
export type WriteOutcome = { readonly kind: 'written' } | Exclude<ReadOutcome, { readonly kind: 'words' }>;

/** An exchange in bytes; the reply is empty where nothing came. */
export interface Frames {
  readonly request: Buffer;
  readonly reply: Buffer;
}

/** One open Modbus connection. It does one thing at a time: its owner awaits each call before the next. */
export interface ModbusLink {
  readonly read: (unit: number, block: ReadBlock, timeout_ms: number) => Promise<ReadOutcome>;
  /** Writes consecutive registers (function 10h). */
  readonly write: (unit: number, range: WriteRange, timeout_ms: number) => Promise<WriteOutcome>;
  /** The bytes of the last exchange as they went over the wire. */
  readonly lastFrames: () => Frames;
  /** Waits until the line has been quiet for a while and forgets what came meanwhile. */
  readonly drain: () => Promise<void>;
  /** Why the connection is gone, once it is. */
  readonly lost: () => string | undefined;
  /** Bytes that came when nothing was asked. */
  readonly strayBytes: () => number;
  /** When the last byte came or the connection was made, whatever it was (`performance.now`). */
  readonly lastByte_ms: () => number;
  readonly close: () => Promise<void>;
}

/** What we touch of modbus-serial 8.0.25 beyond its interface; the integration tests hold it in place. */
interface PortInternals {
  _buffer?: Buffer;
  readonly _client: EventEmitter & {
    readonly isOpen?: boolean;
    write: (bytes: Buffer, ...rest: unknown[]) => unknown;
    readonly destroy?: () => void;
    readonly close?: (done: () => void) => void;
    readonly setKeepAlive?: (on: boolean, delay_ms: number) => void;
    readonly setNoDelay?: (on: boolean) => void;
  };
}

const connect_ms = 5000;
/** Beyond modbus-serial's own timer: no call of ours ever waits for ever. */
const margin_ms = 250;
const quiet_ms = 300;
const longestDrain_ms = 3000;
const close_ms = 1000;
/** Longest frame kept for whoever looks at the wire; ASCII writes each byte as two characters. */
const frameMost_bytes = 520;
/** Address, function code, address, count, byte count and check of a write of registers. */
const writeHead_bytes = 9;
/** A converter whose power went says nothing: the operating system asks it after this silence. */
const keepAlive_ms = 15_000;

/** @throws Error where the connection cannot be made within 5 s. */
export async function openLink(transport: LineTransport): Promise<ModbusLink> {
  const client = new ModbusClient();
  // modbus-serial repeats port errors here; without a listener they would end the process. We listen to the port itself.
  client.on('error', () => undefined);
  await within(connect_ms, connect(client, transport)).catch((error: unknown) => {
    portOf(client)?._client.on('error', () => undefined);
    portOf(client)?._client.destroy?.();
    throw error instanceof Error ? error : new Error(String(error));
  });
  const port = portOf(client);
  if (!port) throw new Error('modbus-serial opened no port');
  return linkOver(client, port, transport);
}

const portOf = (client: ModbusClient): PortInternals | undefined =>
  (client as unknown as { _port?: PortInternals })._port;

function connect(client: ModbusClient, transport: LineTransport): Promise<void> {
  if (transport.kind === 'tcp') return client.connectTCP(transport.host, { port: transport.port });
  // modbus-serial's "telnet" port sends plain RTU frames; its "TcpRTUBuffered" one expects an MBAP header.
  if (transport.kind === 'rtuOverTcp') return client.connectTelnet(transport.host, { port: transport.port });
  const { path, baud, parity, dataBits, stopBits } = transport;
  const options = { baudRate: baud, parity, dataBits, stopBits };
  return transport.kind === 'rtu'
    ? client.connectRTUBuffered(path, options)
    : client.connectAsciiSerial(path, options);
}

function linkOver(client: ModbusClient, port: PortInternals, transport: LineTransport): ModbusLink {
  const events = new EventEmitter();
  let lost: string | undefined;
  let asking = false;
  let strayBytes = 0;
  let receivedBytes = 0;
  let lastByte_ms = performance.now();
  let frames: Frames = { request: Buffer.alloc(0), reply: Buffer.alloc(0) };
  port._client.setKeepAlive?.(true, keepAlive_ms);
  port._client.setNoDelay?.(true);
  const lose = (reason: string): void => {
    lost ??= reason;
    events.emit('lost');
  };
  // The ASCII port of modbus-serial says nothing when its serial port closes: ask the serial port itself.
  port._client.on('close', () => lose('the connection was closed'));
  port._client.on('error', (error: Error) => lose(error.message));
  port._client.on('data', (bytes: Buffer) => {
    lastByte_ms = performance.now();
    receivedBytes += bytes.length;
    if (!asking) strayBytes += bytes.length;
    else if (frames.reply.length + bytes.length <= frameMost_bytes)
      frames = { ...frames, reply: Buffer.concat([frames.reply, bytes]) };
  });
  // modbus-serial says nothing of the bytes that it sends: they are noted where it hands them to the port.
  const send = port._client.write.bind(port._client);
  port._client.write = (bytes, ...rest) => {
    frames = { request: Buffer.from(bytes), reply: Buffer.alloc(0) };
    return send(bytes, ...rest);
  };
  const forget = (): void => {
    if (port._buffer) port._buffer = Buffer.alloc(0);
  };
  /** One exchange: nothing that came before counts, and everything that comes meanwhile belongs to it. */
  const exchange = async <Outcome>(
    question: (about: Question) => Promise<Outcome>,
    { unit, words, timeout_ms }: { unit: number; words: number; timeout_ms: number },
  ): Promise<Outcome | { readonly kind: 'lost'; readonly message: string }> => {
    if (lost !== undefined) return { kind: 'lost', message: lost };
    forget();
    asking = true;
    receivedBytes = 0;
    const limit_ms = timeout_ms + wireTime_ms(transport, words);
    try {
      return await question({ unit, limit_ms, lostReason: () => lost ?? 'the connection is gone' });
    } finally {
      asking = false;
    }
  };
  return {
    lost: () => lost,
    strayBytes: () => strayBytes,
    lastByte_ms: () => lastByte_ms,
    lastFrames: () => frames,
    read: async (unit, block, timeout_ms) => {
      const about = { unit, words: block.words, timeout_ms };
      const outcome = await exchange((question) => ask(client, events, { ...question, block }), about);
      return isOneReply(transport, outcome, receivedBytes)
        ? outcome
        : { kind: 'garbled', message: `${receivedBytes} bytes came, more than one reply` };
    },
    write: (unit, range, timeout_ms) =>
      exchange((about) => tell(client, events, { ...about, range }), {
        unit,
        words: range.words.length + writeHead_bytes,
        timeout_ms,
      }),
    drain: async () => {
      if (transport.kind !== 'tcp') {
        const start_ms = performance.now();
        const remaining = (): number => Math.max(start_ms, lastByte_ms) + quiet_ms - performance.now();
        while (remaining() > 0 && performance.now() - start_ms < longestDrain_ms && lost === undefined)
          await new Promise((resolve) => setTimeout(resolve, Math.max(1, remaining())));
      }
      forget();
      strayBytes = 0;
    },
    close: async () => {
      lost ??= 'closed by us';
      events.emit('lost');
      if (port._client.destroy && transport.kind !== 'rtu' && transport.kind !== 'ascii')
        port._client.destroy();
      else if (port._client.isOpen)
        await within(close_ms, new Promise<void>((done) => port._client.close?.(done))).catch(
          () => undefined,
        );
    },
  };
}

/** The shortest frame that another device could have sent besides: an exception, in either mode. */
const shortestFrame_bytes = 5;

/**
 * Whether no second reply came with the first: modbus-serial looks at the last 256 bytes only and would take the second
 * of two long ones. Over TCP the number of the request tells them apart.
 */
function isOneReply(transport: LineTransport, outcome: ReadOutcome, received_bytes: number): boolean {
  if (transport.kind === 'tcp' || (outcome.kind !== 'words' && outcome.kind !== 'exception')) return true;
  const mode = transport.kind === 'ascii' ? 'ascii' : 'rtu';
  const words = outcome.kind === 'words' ? outcome.words.length : 0;
  return received_bytes < exchangeBytes(mode, words).reply + shortestFrame_bytes;
}

interface Question {
  readonly unit: number;
  readonly limit_ms: number;
  readonly lostReason: () => string;
}

function ask(
  client: ModbusClient,
  events: EventEmitter,
  { block, ...question }: Question & { readonly block: ReadBlock },
): Promise<ReadOutcome> {
  return settled<ReadOutcome>(client, events, question, (end) => {
    const start_ms = Date.now();
    const request = block.functionCode === 3 ? client.writeFC3 : client.writeFC4;
    request.call(client, question.unit, block.address, block.words, (error, reply) =>
      end(error ? outcomeOfError(error) : outcomeOfReply(block, reply?.data, start_ms)),
    );
  });
}

function tell(
  client: ModbusClient,
  events: EventEmitter,
  { range, ...question }: Question & { readonly range: WriteRange },
): Promise<WriteOutcome> {
  return settled<WriteOutcome>(client, events, question, (end) => {
    client.writeFC16(question.unit, range.address, [...range.words], (error) =>
      end(error ? outcomeOfError(error) : { kind: 'written' }),
    );
  });
}

/** Whatever ends a question first: its answer, its time, or the connection. */
function settled<Outcome>(
  client: ModbusClient,
  events: EventEmitter,
  { limit_ms, lostReason }: Question,
  begin: (end: (outcome: Outcome) => void) => void,
): Promise<Outcome | { readonly kind: 'timeout' } | { readonly kind: 'lost'; readonly message: string }> {
  return new Promise((resolve) => {
    const end: typeof resolve = (outcome) => {
      clearTimeout(timer);
      events.off('lost', onLost);
      resolve(outcome);
    };
    const onLost = (): void => end({ kind: 'lost', message: lostReason() });
    const timer = setTimeout(() => end({ kind: 'timeout' }), limit_ms + margin_ms);
    events.once('lost', onLost);
    client.setTimeout(limit_ms);
    begin(end);
  });
}

function outcomeOfReply(
  block: ReadBlock,
  words: readonly number[] | undefined,
  start_ms: number,
): ReadOutcome {
  if (words?.length !== block.words)
    return { kind: 'garbled', message: `${words?.length ?? 0} words instead of ${block.words}` };
  return { kind: 'words', words, start_ms, end_ms: Date.now() };
}

function outcomeOfError(
  error: Error & { readonly modbusCode?: number; readonly errno?: unknown },
): Exclude<ReadOutcome, { readonly kind: 'words' }> {
  if (error.modbusCode !== undefined) return { kind: 'exception', code: error.modbusCode };
  if (error.errno === 'ETIMEDOUT') return { kind: 'timeout' };
  if (error.name === 'PortNotOpenError') return { kind: 'lost', message: error.message };
  return { kind: 'garbled', message: error.message };
}

/** Time on the wire of a read request and its reply; 0 where the gateway does not see the wire. */
export function wireTime_ms(transport: LineTransport, words: number): number {
  if (transport.kind === 'tcp' || transport.kind === 'rtuOverTcp') return 0;
  const { request, reply } = exchangeBytes(transport.kind, words);
  return (request + reply) * characterTimeOf_ms({ ...transport, mode: transport.kind });
}
