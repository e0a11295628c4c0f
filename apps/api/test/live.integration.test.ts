import { type LiveEvent, liveEvent } from '@wattproof/contracts/api';
import { addReading, commitReadings, createReadingBatch } from '@wattproof/database';
import { testRedisUrl, waitFor } from '@wattproof/testkit';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from './fixture.ts';

let api: TestApi;
let redis: Redis;
let ingestion: Client;

beforeAll(async () => {
  api = await startApi();
  redis = new Redis(testRedisUrl({ database: 5 }));
  ingestion = new Client({ connectionString: api.database.urlOf('wattproof_ingestion') });
  await ingestion.connect();
});
afterAll(async () => {
  redis?.disconnect();
  await ingestion?.end();
  await api?.close();
});

interface Received {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: parsed by the schema of its event where it matters
  readonly data: any;
}

/** Server-sent events of a path, as they come. */
async function listen(path: string): Promise<{
  readonly events: Received[];
  readonly response: Response;
  readonly isOver: () => boolean;
  readonly stop: () => void;
}> {
  const abort = new AbortController();
  const response = await fetch(`${api.url}/api/v1${path}`, {
    headers: { authorization: `Bearer ${api.first.apiKeys.read}` },
    signal: abort.signal,
  });
  const events: Received[] = [];
  let over = false;
  const read = async (): Promise<void> => {
    let rest = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const parts = `${rest}${chunk}`.split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const event = /^event: (.*)$/m.exec(part)?.[1];
        const data = /^data: (.*)$/m.exec(part)?.[1];
        if (event && data) events.push({ event, data: JSON.parse(data) });
      }
    }
  };
  read()
    .catch((error: Error) => {
      if (error.name !== 'AbortError') throw error;
    })
    .finally(() => {
      over = true;
    });
  return { events, response, isOver: () => over, stop: () => abort.abort() };
}

async function report(power_w: number): Promise<number> {
  const at_ms = Date.now();
  const batch = createReadingBatch();
  addReading(batch, {
    meterId: api.first.mainMeterId,
    organisationId: api.first.id,
    at_ms,
    receivedAt_ms: at_ms,
    skew_ms: 0,
    quality: 0,
    values: { active_power_w: power_w },
    exceptions: {},
  });
  await ingestion.query('BEGIN');
  await commitReadings(ingestion, batch);
  await ingestion.query('COMMIT');
  await redis.publish(`live:${api.first.siteId}`, '');
  return at_ms;
}

describe('live values of a site', () => {
  it('begin with the state so far and bring a reading within a second of its commit', async () => {
    const { events, response, stop } = await listen(`/sites/${api.first.siteId}/live`);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(response.headers.get('cache-control')).toContain('no-transform');
    await waitFor(() => events.length > 0, { timeout_s: 10 });
    const first: LiveEvent = liveEvent.parse(events[0]?.data);
    expect(first.meters.map((m) => m.meterId).sort()).toEqual(
      [api.first.mainMeterId, api.first.useMeterId].sort(),
    );
    const sentAt_ms = await report(43_210);
    const arrived = () =>
      events.find((e) => (e.data as LiveEvent).meters?.some((m) => m.values.active_power_w === 43_210));
    await waitFor(() => arrived() !== undefined, { timeout_s: 5 });
    const event = liveEvent.parse(arrived()?.data);
    expect(event.meters).toHaveLength(1);
    expect(Date.parse(event.meters[0]?.at ?? '')).toBe(sentAt_ms);
    stop();
  });

  it('are read once for all who watch, and no more when the last one leaves', async () => {
    const watchers = await Promise.all(
      Array.from({ length: 5 }, () => listen(`/sites/${api.first.siteId}/live`)),
    );
    await waitFor(() => watchers.every((w) => w.events.length > 0), { timeout_s: 10 });
    const subscribed = async (): Promise<number> =>
      Number(((await redis.pubsub('NUMSUB', `live:${api.first.siteId}`)) as [string, number])[1]);
    expect(await subscribed()).toBe(1);
    for (const watcher of watchers) watcher.stop();
    await waitFor(async () => (await subscribed()) === 0, { timeout_s: 10 });
  });

  it('show in the site page what arrived', async () => {
    await report(45_000);
    const overview = await (await api.as(api.first, 'operator'))(`GET /sites/${api.first.siteId}/overview`);
    expect(overview.json.power).toMatchObject({ value_w: 45_000, stale: false });
    expect(overview.json.uses).toMatchObject([
      { use: 'refrigeration', power_w: 16_000 },
      { use: null, power_w: 29_000 },
    ]);
  });
});

describe('job runs', () => {
  it('come as they change', async () => {
    const { events, stop } = await listen('/jobs/stream');
    await waitFor(() => events.length > 0, { timeout_s: 10 });
    expect(events[0]?.data).toMatchObject({ id: api.first.jobRunId, state: 'waiting', remaining_s: null });
    await api.admin.query(
      `UPDATE job_run SET state = 'running', started_at = now() - interval '10 seconds', percent = 50, step = 'render',
         step_number = 2, step_count = 4 WHERE id = $1`,
      [api.first.jobRunId],
    );
    await redis.publish(`job:${api.first.id}`, '');
    await waitFor(() => events.some((e) => e.data.state === 'running'), { timeout_s: 5 });
    const running = events.find((e) => e.data.state === 'running')?.data;
    expect(running).toMatchObject({ percent: 50, step: 'render', stepNumber: 2, stepCount: 4 });
    expect(running.remaining_s).toBeGreaterThanOrEqual(9);
    stop();
  });

  it('of audits are not shown to whoever may not read audits', async () => {
    const operator = await api.as(api.first, 'operator');
    expect((await operator('GET /jobs')).json.jobs).toEqual([]);
    expect((await operator(`GET /jobs/${api.first.jobRunId}`)).status).toBe(404);
  });
});

describe('at shutdown', () => {
  it('every open stream ends cleanly', async () => {
    const { events, isOver } = await listen(`/sites/${api.first.siteId}/live`);
    await waitFor(() => events.length > 0, { timeout_s: 10 });
    api.resources.streams.closeAll();
    await waitFor(() => isOver(), { timeout_s: 5 });
  });
});
