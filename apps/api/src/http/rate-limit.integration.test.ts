import { testRedisUrl } from '@wattproof/testkit';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RateLimits } from './rate-limit.ts';

let redis: Redis;
const prefix = `test-${process.pid}`;
const limit = { max: 3, window_s: 60 };

beforeAll(async () => {
  redis = new Redis(testRedisUrl({ database: 5 }));
  await redis.ping();
});
afterAll(() => redis.disconnect());

describe('rate limits', () => {
  it('are shared by all processes, exact under concurrency, and name the time to wait', async () => {
    const [one, other] = [new RateLimits(redis), new RateLimits(redis)];
    const verdicts = await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 ? one : other).count(`${prefix}-shared`, limit)),
    );
    expect(verdicts.filter((v) => v.allowed)).toHaveLength(3);
    expect(verdicts.at(-1)?.retryAfter_s).toBeGreaterThan(50);
    await one.forget(`${prefix}-shared`);
    expect((await other.count(`${prefix}-shared`, limit)).allowed).toBe(true);
  });

  it('hold in one process while Redis is away, and end with their window', async () => {
    let now = 1_000;
    const away = new Redis({ lazyConnect: true, enableOfflineQueue: false });
    const limits = new RateLimits(away, { now: () => now });
    for (let i = 0; i < 3; i++) expect((await limits.count('key', limit)).allowed).toBe(true);
    expect(await limits.count('key', limit)).toEqual({ allowed: false, retryAfter_s: 60 });
    expect((await limits.count('another', limit)).allowed).toBe(true);
    now += 60_000;
    expect((await limits.count('key', limit)).allowed).toBe(true);
    away.disconnect();
  });

  it('taken in leases let exactly as many through, and ask nobody once they are used up', async () => {
    const leased = { max: 25, window_s: 60, lease: 10 };
    const [one, other] = [new RateLimits(redis), new RateLimits(redis)];
    let through = 0;
    for (let i = 0; i < 60; i++)
      if ((await (i % 2 ? one : other).count(`${prefix}-leased`, leased)).allowed) through++;
    expect(through).toBe(25);
    const before = await redis.get(`rate:${prefix}-leased`);
    expect((await one.count(`${prefix}-leased`, leased)).retryAfter_s).toBeGreaterThan(50);
    expect(await redis.get(`rate:${prefix}-leased`)).toBe(before);
    await one.forget(`${prefix}-leased`);
    expect((await one.count(`${prefix}-leased`, leased)).allowed).toBe(true);
  });
});
