import { testEnvironment } from './environment.ts';

const databaseCount = 16;

/**
 * URL of the test run's Redis. Test files share it: name queues and channels by something of your own, or take
 * `testRedisUrl({ database })` with one of the 16 numbered databases that no other test uses.
 */
export function testRedisUrl({ database = 0 }: { readonly database?: number } = {}): string {
  if (!Number.isInteger(database) || database < 0 || database >= databaseCount) {
    throw new Error(`Redis has databases 0 to ${databaseCount - 1}, not ${database}`);
  }
  const url = new URL(testEnvironment().WATTPROOF_TEST_REDIS_URL);
  url.pathname = `/${database}`;
  return url.href;
}
