import { Agent, get } from 'node:http';

export interface Load {
  readonly port: number;
  readonly clients: number;
  readonly requestsOfEach: number;
  /** Path of the n-th request of a client, and the key it is sent with. */
  readonly request: (client: number, n: number) => { readonly path: string; readonly key: string };
}

/** Clients that ask one after the other, all at once; the time of every answer, in ms, from sending to its last byte. */
export async function askAll({ port, clients, requestsOfEach, request }: Load): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  try {
    await Promise.all(
      Array.from({ length: clients }, async (_, client) => {
        for (let n = 0; n < requestsOfEach; n++) times.push(await ask(agent, port, request(client, n)));
      }),
    );
  } finally {
    agent.destroy();
  }
  return times;
}

function ask(
  agent: Agent,
  port: number,
  { path, key }: { readonly path: string; readonly key: string },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const start_ms = performance.now();
    const options = {
      agent,
      host: '127.0.0.1',
      port,
      path: `/api/v1${path}`,
      headers: { authorization: `Bearer ${key}` },
    };
    get(options, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => {
        if (answer.statusCode !== 200) pieces.push(piece);
      });
      answer.on('error', reject);
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(performance.now() - start_ms);
        else
          reject(
            new Error(`${path}: ${answer.statusCode} ${Buffer.concat(pieces).toString().slice(0, 300)}`),
          );
      });
    }).on('error', reject);
  });
}

/** Numbers that look random and are the same in every run. */
export const scattered = (n: number, below: number): number => ((n * 2_654_435_761) >>> 8) % below;
