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

/** One open Modbus connection. It does one thing at a time: its owner awaits each call before the next. */
export interface ModbusLink {
  readonly read: (unit: number, block: ReadBlock, timeout_ms: number) => Promise<ReadOutcome>;
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
  let lastByte_ms = performance.now();
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
    if (!asking) strayBytes += bytes.length;
  });
  const forget = (): void => {
    if (port._buffer) port._buffer = Buffer.alloc(0);
  };
  return {
    lost: () => lost,
    strayBytes: () => strayBytes,
    lastByte_ms: () => lastByte_ms,
    read: async (unit, block, timeout_ms) => {
      if (lost !== undefined) return { kind: 'lost', message: lost };
      forget();
      asking = true;
      const limit_ms = timeout_ms + wireTime_ms(transport, block.words);
      try {
        return await ask(client, events, {
          unit,
          block,
          limit_ms,
          lostReason: () => lost ?? 'the connection is gone',
        });
      } finally {
        asking = false;
      }
    },
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

interface Question {
  readonly unit: number;
  readonly block: ReadBlock;
  readonly limit_ms: number;
  readonly lostReason: () => string;
}

function ask(client: ModbusClient, events: EventEmitter, question: Question): Promise<ReadOutcome> {
  const { unit, block, limit_ms, lostReason } = question;
  return new Promise((resolve) => {
    const start_ms = Date.now();
    const end = (outcome: ReadOutcome): void => {
      clearTimeout(timer);
      events.off('lost', onLost);
      resolve(outcome);
    };
    const onLost = (): void => end({ kind: 'lost', message: lostReason() });
    const timer = setTimeout(() => end({ kind: 'timeout' }), limit_ms + margin_ms);
    events.once('lost', onLost);
    client.setTimeout(limit_ms);
    const request = block.functionCode === 3 ? client.writeFC3 : client.writeFC4;
    request.call(client, unit, block.address, block.words, (error, reply) =>
      end(error ? outcomeOfError(error) : outcomeOfReply(block, reply?.data, start_ms)),
    );
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
): ReadOutcome {
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
