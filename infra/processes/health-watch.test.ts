import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { watchHealth } from './health-watch.ts';

const stopping = new AbortController();
const server = createServer();

afterEach(async () => {
  stopping.abort();
  server.close();
  await once(server, 'close');
});

test('an application that cannot work is told once, with its fatal problems, and when it works again', async () => {
  let answer: { status: number; body: string } = { status: 200, body: '{"status":"ok","problems":[]}' };
  server.on('request', (_, response) => {
    response.writeHead(answer.status, { connection: 'close' }).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const told: string[] = [];
  const watching = watchHealth(
    {
      name: 'ingestion',
      healthUrl: `http://127.0.0.1:${port}/health`,
      report: (text) => told.push(text),
      look_ms: 20,
    },
    stopping.signal,
  );
  answer = {
    status: 503,
    body: JSON.stringify({
      problems: [
        { message: 'partition 0: nothing could be stored: 1900 MB of 252000 MB are free', isFatal: true },
        { message: 'no connection to Redis', isFatal: false },
      ],
    }),
  };
  await vi.waitFor(() => expect(told).toHaveLength(1));
  answer = { status: 200, body: 'not even JSON' };
  await vi.waitFor(() => expect(told).toHaveLength(2));
  answer = { status: 502, body: 'not even JSON' };
  await vi.waitFor(() => expect(told).toHaveLength(3));
  expect(told).toEqual([
    'ingestion cannot work: partition 0: nothing could be stored: 1900 MB of 252000 MB are free',
    'ingestion works again',
    `ingestion cannot work: http://127.0.0.1:${port}/health answers 502`,
  ]);
  stopping.abort();
  await watching;
});
