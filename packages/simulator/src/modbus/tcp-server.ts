import { createServer, type Socket } from 'node:net';
import { decodeTcp, exceptionReply } from '@wattproof/devices';
import { rtuReceiver } from './receiver.ts';
import { frameSender, type ReplyMessage, transmissionsOf } from './transmission.ts';
import type { Unit } from './unit.ts';

export interface RunningServer {
  readonly stop: () => Promise<void>;
}

export interface TcpOptions {
  readonly port: number;
  readonly host?: string;
  /** `rtu`: a converter that passes frames on as they are; default Modbus TCP. */
  readonly framing?: 'tcp' | 'rtu';
}

/** Exception 0Bh: what a TCP converter answers for an address that nobody has. */
const targetFailedToRespond = 0x0b;
const longestInput_bytes = 4096;

/** Serves units over TCP. Requests of one connection are answered in order, as a converter does. */
export async function serveTcp(
  units: ReadonlyMap<number, Unit>,
  { port, host = '127.0.0.1', framing = 'tcp' }: TcpOptions,
): Promise<RunningServer & { readonly port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    // A client that vanishes is no fault of ours; `close` follows.
    socket.on('error', () => socket.destroy());
    serveSocket(socket, units, framing);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function serveSocket(socket: Socket, units: ReadonlyMap<number, Unit>, framing: 'tcp' | 'rtu'): void {
  let lastReply_ms = 0;
  const send = frameSender((bytes) => void (socket.destroyed || socket.write(bytes)));
  const answer = ({ transaction, unit, pdu }: ReplyMessage): void => {
    const now_ms = Date.now();
    const device = units.get(unit);
    // Behind a converter that only passes bytes on, an address that nobody has is silent.
    if (!device && framing === 'rtu') return;
    const reply = device
      ? device.answer(pdu, now_ms)
      : { pdu: exceptionReply(pdu[0] ?? 0, targetFailedToRespond) };
    if (!reply) return;
    const message: ReplyMessage = {
      unit,
      pdu: reply.pdu,
      ...(transaction === undefined ? {} : { transaction }),
    };
    const parts = transmissionsOf(framing, message, reply.fault);
    if (parts === 'unplug') {
      socket.destroy();
      return;
    }
    const ready_ms = Math.max(lastReply_ms, now_ms + (device?.turnaround_ms ?? 0));
    send(parts.map((part) => ({ ...part, after_ms: ready_ms + part.after_ms - now_ms })));
    lastReply_ms = Math.max(lastReply_ms, ...parts.map((part) => ready_ms + part.after_ms));
  };
  socket.on(
    'data',
    framing === 'rtu' ? rtuReceiver(({ message }) => answer(message)) : tcpReceiver(socket, answer),
  );
}

function tcpReceiver(socket: Socket, deliver: (message: ReplyMessage) => void): (chunk: Buffer) => void {
  let input: Buffer = Buffer.alloc(0);
  return (chunk) => {
    input = Buffer.concat([input, chunk]);
    if (input.length > longestInput_bytes) return socket.destroy();
    for (;;) {
      const found = decodeTcp(input);
      if (found === 'broken') return socket.destroy();
      if (!found) return;
      input = input.subarray(found.taken);
      deliver(found.message);
    }
  };
}
