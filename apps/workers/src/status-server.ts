import { createServer, type Server } from 'node:http';
import type { Metrics } from './metrics.ts';

export interface StatusSource {
  readonly metrics: Metrics;
  /** False: not able to work. The parts say what is away. */
  health(): Promise<{ readonly ok: boolean; readonly parts: Readonly<Record<string, boolean>> }>;
  /** Brings gauges up to date before they are shown. */
  refresh(): Promise<void>;
}

export interface StatusServer {
  readonly port: number;
  close(): Promise<void>;
}

/** `/health` and `/metrics` on 127.0.0.1. */
export async function startStatusServer(
  port: number,
  source: StatusSource,
  onError: (error: unknown) => void,
): Promise<StatusServer> {
  const server: Server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      if (request.method !== 'GET') {
        response.writeHead(405).end();
      } else if (request.url === '/health') {
        const { ok, parts } = await source.health();
        response
          .writeHead(ok ? 200 : 503, { 'content-type': 'application/json' })
          .end(JSON.stringify({ status: ok ? 'ok' : 'unavailable', ...parts }));
      } else if (request.url === '/metrics') {
        await source.refresh();
        response.writeHead(200, { 'content-type': source.metrics.registry.contentType });
        response.end(await source.metrics.registry.metrics());
      } else response.writeHead(404).end();
    };
    answer().catch((error: unknown) => {
      onError(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
