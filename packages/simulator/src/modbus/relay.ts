import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeAscii, decodeRtu, decodeTcp, exceptionReply } from '@wattproof/devices';
import { SerialPort } from 'serialport';
import type { FaultEffect } from './fault.ts';
import { openPseudoTerminal } from './pseudo-terminal.ts';
import type { RunningServer } from './tcp-server.ts';
import { type Framing, frameSender, type ReplyMessage, transmissionsOf } from './transmission.ts';

/** Where the gateway comes in. */
export type RelayEntrance =
  | { readonly kind: 'tcp'; readonly port: number }
  | {
      readonly kind: 'serial';
      readonly devicePath: string;
      readonly gatewayPath: string;
      readonly socat: readonly string[];
    };
/** Where the devices are. */
export type RelayPartner =
  | { readonly kind: 'tcp'; readonly port: number }
  | { readonly kind: 'serial'; readonly path: string };

export interface RelayOptions {
  readonly framing: Framing;
  readonly entrance: RelayEntrance;
  readonly partner: RelayPartner;
  /** What goes wrong with the nth reply, from 1. */
  readonly faultOf: (n: number) => FaultEffect | undefined;
}

/** One end of a cable. */
interface End {
  readonly write: (bytes: Uint8Array) => void;
  readonly onBytes: (take: (bytes: Buffer) => void) => void;
  readonly close: () => void;
}

/** How long a cable that was pulled stays out. */
const pulled_ms = 300;

/**
 * Stands between a gateway and devices that are not ours, passes requests on as they come, and does to replies what goes
 * wrong on real lines: so that each fault is tried against programs that know nothing of it.
 */
export async function startRelay(options: RelayOptions): Promise<RunningServer> {
  const { entrance } = options;
  let replies = 0;
  const faultOf = (): FaultEffect | undefined => options.faultOf(++replies);
  if (entrance.kind === 'tcp') return relayTcp(entrance.port, options, faultOf);
  return relaySerial(entrance, options, faultOf);
}

async function relayTcp(
  port: number,
  options: RelayOptions,
  faultOf: () => FaultEffect | undefined,
): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  const shared = options.partner.kind === 'serial' ? await openSerial(options.partner.path) : undefined;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    const partner = shared ?? socketEnd(connect((options.partner as { port: number }).port, '127.0.0.1'));
    const near = socketEnd(socket);
    join(near, partner, { options, faultOf, pull: near.close });
    socket.on('close', () => {
      sockets.delete(socket);
      if (partner !== shared) partner.close();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      shared?.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function relaySerial(
  { devicePath, gatewayPath, socat }: Extract<RelayEntrance, { kind: 'serial' }>,
  options: RelayOptions,
  faultOf: () => FaultEffect | undefined,
): Promise<RunningServer> {
  if (options.partner.kind !== 'serial') throw new Error('a serial line has its devices on a serial line');
  const partner = await openSerial(options.partner.path);
  let stopped = false;
  let cable: RunningServer | undefined;
  let pulling: Promise<void> | undefined;
  const plug = async (): Promise<void> => {
    if (stopped) return;
    cable = await openPseudoTerminal({ devicePath, gatewayPath, socat });
    const near = await openSerial(devicePath);
    const pull = (): void => {
      near.close();
      const pulled = cable;
      cable = undefined;
      pulling = pause(pulled_ms)
        .then(() => pulled?.stop())
        .then(plug);
    };
    join(near, partner, { options, faultOf, pull });
  };
  await plug();
  return {
    stop: async () => {
      stopped = true;
      partner.close();
      await pulling;
      await cable?.stop();
    },
  };
}

function join(
  near: End,
  partner: End,
  relay: {
    readonly options: RelayOptions;
    readonly faultOf: () => FaultEffect | undefined;
    readonly pull: () => void;
  },
): void {
  const { framing } = relay.options;
  const send = frameSender(near.write);
  near.onBytes(partner.write);
  partner.onBytes(
    replyReceiver(framing, (reply) => {
      const fault = relay.faultOf();
      const pdu = fault?.kind === 'exception' ? exceptionReply(reply.pdu[0] ?? 0, fault.code) : reply.pdu;
      const parts = transmissionsOf(framing, { ...reply, pdu }, fault);
      if (parts === 'unplug') return relay.pull();
      send(parts);
    }),
  );
}

function socketEnd(socket: Socket): End {
  socket.setNoDelay(true);
  // The other side is told by the end of its own connection.
  socket.on('error', () => socket.destroy());
  return {
    write: (bytes) => void (socket.destroyed || socket.write(bytes)),
    onBytes: (take) => void socket.on('data', take),
    close: () => void socket.destroy(),
  };
}

async function openSerial(path: string): Promise<End> {
  const port = new SerialPort({ path, baudRate: 19_200, autoOpen: false });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  // A pulled cable: whoever uses it notices by itself.
  port.on('error', () => undefined);
  return {
    write: (bytes) => void (port.isOpen && port.write(Buffer.from(bytes))),
    onBytes: (take) => void port.removeAllListeners('data').on('data', take),
    close: () => void (port.isOpen && port.close()),
  };
}

/** Finds whole replies in a stream of bytes. */
function replyReceiver(framing: Framing, deliver: (reply: ReplyMessage) => void): (bytes: Buffer) => void {
  let input: Buffer = Buffer.alloc(0);
  return (bytes) => {
    input = Buffer.concat([input, bytes]);
    for (;;) {
      const found = firstReply(framing, input);
      if (!found) return;
      input = input.subarray(found.taken);
      if (found.reply) deliver(found.reply);
    }
  };
}

function firstReply(
  framing: Framing,
  input: Buffer,
): { readonly reply?: ReplyMessage | undefined; readonly taken: number } | undefined {
  if (framing === 'tcp') {
    const found = decodeTcp(input);
    return typeof found === 'object' ? { reply: found.message, taken: found.taken } : undefined;
  }
  if (framing === 'ascii') {
    const end = input.indexOf('\n');
    return end < 0 ? undefined : { reply: decodeAscii(input.toString('latin1', 0, end + 1)), taken: end + 1 };
  }
  const [, functionCode, count] = input;
  if (functionCode === undefined || count === undefined) return undefined;
  const length = functionCode >= 0x80 ? 5 : functionCode <= 4 ? 5 + count : 8;
  return input.length < length ? undefined : { reply: decodeRtu(input.subarray(0, length)), taken: length };
}
