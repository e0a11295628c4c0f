import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AppError } from '@wattproof/runtime';
import { step_ms } from './plant/drivers.ts';
import type { DemoPlant } from './plant/plant.ts';
import { plantModelOf } from './plant/plant-model.ts';

const day_ms = 86_400_000;

/**
 * `/health`, and `/truth`: what really flowed at each site over [from, to), and with `values=1` what every meter shows at
 * `to`. `from` and `to` are ISO instants on quarter hours; left out, they are the last whole 24 hours. `site` picks one.
 */
export function startTruthServer(
  plant: DemoPlant,
  options: { readonly port: number; readonly lines: number },
): Promise<Server> {
  const model = plantModelOf(plant);
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://simulator');
    if (request.method !== 'GET') return answer(response, 405, { message: 'only GET' });
    if (pathname === '/health') return answer(response, 200, { status: 'ok', lines: options.lines });
    if (pathname !== '/truth') return answer(response, 404, { message: 'only /health and /truth' });
    try {
      answer(response, 200, truthOf(model, searchParams));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      answer(response, error.code === 'notFound' ? 404 : 400, { code: error.code, message: error.message });
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => resolve(server));
  });
}

function truthOf(model: ReturnType<typeof plantModelOf>, query: URLSearchParams): unknown {
  const now_ms = Math.floor(Date.now() / step_ms) * step_ms;
  const to_ms = instant(query, 'to') ?? now_ms;
  const from_ms = instant(query, 'from') ?? to_ms - day_ms;
  if (from_ms >= to_ms) throw new AppError('invalid', 'from is not before to');
  const wanted = query.get('site');
  const sites = wanted === null ? model.sites : model.sites.filter((site) => site.key === wanted);
  if (sites.length === 0) throw new AppError('notFound', `no site is named ${wanted}`);
  return {
    from: new Date(from_ms).toISOString(),
    to: new Date(to_ms).toISOString(),
    sites: sites.map(({ key }) => {
      const site = model.site(key);
      const truth = site.truth(from_ms, to_ms);
      if (query.get('values') !== '1') return { key, truth };
      return {
        key,
        truth,
        meters: site.meters.map((m) => ({ key: m.meter.key, values: m.valuesAt(to_ms) })),
      };
    }),
  };
}

function instant(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const at_ms = Date.parse(text);
  if (Number.isNaN(at_ms) || at_ms % step_ms !== 0)
    throw new AppError('invalid', `${name} is not an ISO instant on a quarter hour: ${text}`);
  return at_ms;
}

function answer(response: ServerResponse<IncomingMessage>, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
