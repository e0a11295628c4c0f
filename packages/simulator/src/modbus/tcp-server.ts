import { createServer, type Socket } from 'node:net';
import { decodeTcp, encodeTcp, exceptionReply, type TcpMessage } from '@wattproof/devices';
import type { Unit } from './unit.ts';

export interface RunningServer {
  readonly stop: () => Promise<void>;
}

/** Exception 0Bh: what a TCP converter answers for an address that nobody has. */
const targetFailedToRespond = 0x0b;
const longestInput_bytes = 4096;

/** Serves units over Modbus TCP. Requests of one connection are answered in order, as a converter does. */
export async function serveTcp(
  units: ReadonlyMap<number, Unit>,
  { port, host = '127.0.0.1' }: { readonly port: number; readonly host?: string },
): Promise<RunningServer & { readonly port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    // A client that vanishes is no fault of ours; `close` follows.
    socket.on('error', () => socket.destroy());
    serveSocket(socket, units);
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

function serveSocket(socket: Socket, units: ReadonlyMap<number, Unit>): void {
  let input: Buffer = Buffer.alloc(0);
  let lastReply_ms = 0;
  socket.on('data', (chunk) => {
    input = Buffer.concat([input, chunk]);
    if (input.length > longestInput_bytes) return socket.destroy();
    for (;;) {
      const found = decodeTcp(input);
      if (found === 'broken') return socket.destroy();
      if (!found) return;
      input = input.subarray(found.taken);
      answer(found.message);
    }
  });
  const answer = ({ transaction, unit, pdu }: TcpMessage): void => {
    const now_ms = Date.now();
    const device = units.get(unit);
    const reply = device
      ? device.answer(pdu, now_ms)
      : { pdu: exceptionReply(pdu[0] ?? 0, targetFailedToRespond), delay_ms: 0, wrongCheck: false };
    if (!reply || reply.wrongCheck) return;
    const send = (): void => {
      if (!socket.destroyed) socket.write(encodeTcp({ transaction, unit, pdu: reply.pdu }));
    };
    lastReply_ms = Math.max(lastReply_ms, now_ms + reply.delay_ms);
    if (lastReply_ms <= now_ms) send();
    else setTimeout(send, lastReply_ms - now_ms);
  };
}
