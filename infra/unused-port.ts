import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Whether nobody listens on this port of 127.0.0.1 at this moment. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * Below those that the system gives to outgoing connections, beside the blocks of demo, tests and benchmarks, and above 10080,
 * the last of the ports that browsers and `fetch` refuse to ask.
 */
const range = { from: 11_000, until: 24_000 } as const;
const given = new Set<number>();

/**
 * A port of 127.0.0.1 for a program that is about to start: nobody listens there, and until then neither an outgoing
 * connection nor a further call takes it.
 */
export async function unusedPort(): Promise<number> {
  for (;;) {
    const port = randomInt(range.from, range.until);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}
