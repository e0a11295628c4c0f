import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type ServiceContext, type ServiceProcess, startSandboxed } from './service-process.ts';

/** Sends AUTH and PING and expects PONG, as a client would. */
function probe(port: number, password: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setTimeout(5000, () => socket.destroy(new Error('Redis did not answer')));
    socket.once('error', reject);
    socket.on('data', (chunk) => {
      answer += String(chunk);
      if (answer.includes('+PONG')) {
        socket.end();
        resolve();
      } else if (answer.split('\r\n').some((line) => line.startsWith('-'))) {
        socket.end();
        reject(new Error(answer.trim()));
      }
    });
    socket.once('close', () => reject(new Error('Redis closed the connection')));
    socket.write(`AUTH ${password}\r\nPING\r\n`);
  });
}

export async function startRedis(
  context: ServiceContext,
  { port, password }: { readonly port: number; readonly password: string },
): Promise<{ readonly service: ServiceProcess; readonly redisUrl: string }> {
  const data = context.paths.redis;
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    'protected-mode yes',
    `requirepass ${password}`,
    'daemonize no',
    'dir /data',
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    // Queues live here: refusing a write is visible, evicting a job is not.
    'maxmemory 512mb',
    'maxmemory-policy noeviction',
    'loglevel notice',
  ];
  writeFileSync(join(data, 'redis.conf'), `${lines.join('\n')}\n`, { mode: 0o600 });
  const service = await startSandboxed(context, {
    name: 'redis',
    command: ['redis-server', '/data/redis.conf'],
    binds: [{ from: data, to: '/data', writable: true }],
    stopSignal: 'SIGTERM',
    probe: () => probe(port, password),
  });
  return { service, redisUrl: `redis://:${password}@127.0.0.1:${port}` };
}
