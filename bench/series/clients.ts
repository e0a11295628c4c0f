import { connect, type Socket } from 'node:net';

export interface Load {
  readonly port: number;
  readonly clients: number;
  readonly requestsOfEach: number;
  /** Path of the n-th request of a client, and the key it is sent with. */
  readonly request: (client: number, n: number) => { readonly path: string; readonly key: string };
}

/**
 * Clients that ask one after the other, all at once, each on a connection of its own; the time of every answer, in ms, from
 * sending to its last byte. They count bytes instead of reading answers: they share the processors with what they measure.
 */
export async function askAll({ port, clients, requestsOfEach, request }: Load): Promise<number[]> {
  const times: number[] = [];
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      const connection = await openConnection(port);
      try {
        for (let n = 0; n < requestsOfEach; n++) {
          const { path, key } = request(client, n);
          times.push(await connection.ask(`/api/v1${path}`, key));
        }
      } finally {
        connection.close();
      }
    }),
  );
  return times;
}

interface Connection {
  readonly ask: (path: string, key: string) => Promise<number>;
  readonly close: () => void;
}

/** Longest head of an answer. */
const head_bytes = 4_096;

async function openConnection(port: number): Promise<Connection> {
  let waiting:
    | { readonly take: (buffer: Buffer, bytes: number) => void; readonly fail: (error: Error) => void }
    | undefined;
  const socket: Socket = connect({
    port,
    host: '127.0.0.1',
    noDelay: true,
    // One piece of memory for all answers: what is received is counted and forgotten.
    onread: {
      buffer: Buffer.alloc(1 << 17),
      callback: (bytes, buffer) => {
        waiting?.take(buffer as Buffer, bytes);
        return true;
      },
    },
  });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.on('error', (error) => waiting?.fail(error));
  socket.on('close', () => waiting?.fail(new Error('the API closed the connection')));
  return {
    ask: (path, key) =>
      new Promise((resolve, reject) => {
        const start_ms = performance.now();
        let head = '';
        let left_bytes: number | undefined;
        waiting = {
          take: (buffer, bytes) => {
            if (left_bytes === undefined) {
              const received = head.length + bytes;
              head += buffer.toString('latin1', 0, Math.min(bytes, head_bytes));
              const end = head.indexOf('\r\n\r\n');
              if (end < 0 && received < head_bytes) return;
              const text = head.slice(0, end);
              if (end < 0 || !text.startsWith('HTTP/1.1 200 '))
                return reject(new Error(`${path}: ${head.slice(0, 600)}`));
              left_bytes = Number(/^content-length: (\d+)$/im.exec(text)?.[1]) - (received - end - 4);
            } else left_bytes -= bytes;
            if (left_bytes === 0) resolve(performance.now() - start_ms);
            else if (!(left_bytes > 0)) reject(new Error(`${path}: an answer without its length, or longer`));
          },
          fail: reject,
        };
        socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\n\r\n`);
      }),
    close: () => {
      waiting = undefined;
      socket.destroy();
    },
  };
}

/** Numbers that look random and are the same in every run. */
export const scattered = (n: number, below: number): number => ((n * 2_654_435_761) >>> 8) % below;
