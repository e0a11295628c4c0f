import type { SupervisedMeter } from '@wattproof/database';
import { describe, expect, test } from 'vitest';
import { findSilence, gatewayNewest_ms } from './silence.ts';

const now_ms = 1_000_000_000;
const fresh = now_ms - 10_000;
const old = now_ms - 400_000;

const meter = (meterId: number, lineId: string | null, newest_ms: number | null): SupervisedMeter => ({
  meterId,
  gatewayId: 'laval',
  lineId,
  readingPeriod_s: 10,
  newest_ms,
});

describe('findSilence', () => {
  test('one silent meter of a line is its own affair', () => {
    const silence = findSilence([meter(1, 'a', fresh), meter(2, 'a', old)], now_ms);
    expect(silence).toEqual({ gateways: new Set(), gatewaysWithDeadLine: new Set(), explained: new Set() });
  });
  test('a line of which nothing comes explains its meters', () => {
    const silence = findSilence([meter(1, 'a', fresh), meter(2, 'b', old), meter(3, 'b', null)], now_ms);
    expect(silence.gatewaysWithDeadLine).toEqual(new Set(['laval']));
    expect(silence.explained).toEqual(new Set([2, 3]));
  });
  test('a line of one meter is that meter', () => {
    expect(findSilence([meter(1, 'a', fresh), meter(2, 'b', old)], now_ms).explained.size).toBe(0);
  });
  test('a gateway of which nothing comes explains all', () => {
    const silence = findSilence([meter(1, 'a', old), meter(2, 'b', null)], now_ms);
    expect(silence.gateways).toEqual(new Set(['laval']));
    expect(silence.explained).toEqual(new Set([1, 2]));
  });
});

describe('gatewayNewest_ms', () => {
  test('is that of the dead line where there is one, else the newest of all', () => {
    const dead = [meter(1, 'a', fresh), meter(2, 'b', old), meter(3, 'b', old - 1)];
    expect(gatewayNewest_ms(dead, 'laval', now_ms)).toBe(old);
    expect(gatewayNewest_ms([meter(1, 'a', fresh), meter(2, 'b', old)], 'laval', now_ms)).toBe(fresh);
    expect(gatewayNewest_ms([meter(1, 'a', null)], 'laval', now_ms)).toBeNull();
    expect(gatewayNewest_ms(dead, 'rennes', now_ms)).toBeNull();
  });
});
