import {
  exchangeTime_ms,
  findProfile,
  forecastLine,
  type LineSettings,
  lineCost_words,
} from '@wattproof/devices';
import { expect, test } from 'vitest';
import { blocksOf, devicesOf } from './device.ts';
import { finishTurn, nextRelease_ms, nextTurn, releaseAll } from './poll-order.ts';

const settings: LineSettings = {
  transport: 'serial',
  mode: 'rtu',
  baud: 19_200,
  parity: 'none',
  stopBits: 1,
};
const turnaround_ms = 50;
const profiles = ['ime-nemo-96hd', 'socomec-jbus', 'ime-conto-d2', 'control-unit-modules'];

/**
 * What the scheduler does in a given time, on a clock of its own and with devices that take exactly as long as the wire
 * and the assumed turn-around.
 */
function schedule(
  periods: { pollPeriod_s: number; fastPeriod_s?: number; slowPeriod_s?: number },
  time_s: number,
) {
  const meters = profiles.map((profileId, i) => ({ key: profileId, unit: i + 1, profileId, settings: {} }));
  const devices = devicesOf(meters, periods);
  const start_ms = 1_800_000_000_000;
  const end_ms = start_ms + 1000 * time_s;
  releaseAll(devices, start_ms);
  let [now_ms, busy_ms, requests] = [start_ms, 0, 0];
  while (nextRelease_ms(devices) <= end_ms) {
    const turn = nextTurn(devices, now_ms, true);
    if (!turn) {
      now_ms = nextRelease_ms(devices);
      continue;
    }
    const cost_words = lineCost_words(settings);
    const blocks = blocksOf(turn.device, turn.due, { cost_words, now_ms });
    const gap_ms = turn.device.profile.limits.minimumGap_ms;
    const taken_ms = blocks.reduce(
      (sum, { words }) => sum + exchangeTime_ms(settings, words, { turnaround_ms, gap_ms }),
      0,
    );
    finishTurn(turn, { started_ms: now_ms, isRead: true });
    now_ms += taken_ms;
    busy_ms += taken_ms;
    requests += blocks.length;
  }
  return { requests, busy_ms, missed: devices.reduce((sum, device) => sum + device.missed, 0) };
}

test.each([
  { pollPeriod_s: 10 },
  { pollPeriod_s: 10, fastPeriod_s: 5, slowPeriod_s: 60 },
  { pollPeriod_s: 10, slowPeriod_s: 900 },
  // Groups that seldom fall together.
  { pollPeriod_s: 15, fastPeriod_s: 10, slowPeriod_s: 50 },
])('the forecast of a line is what the scheduler does: %o', (periods) => {
  const hour_s = 3600;
  const done = schedule(periods, hour_s);
  const planned = profiles.map((profileId, i) => {
    const profile = findProfile(profileId);
    if (!profile) throw new Error(`no profile ${profileId}`);
    const { pollPeriod_s, ...groups } = periods;
    return { name: profileId, unitAddress: i + 1, profile, period_s: pollPeriod_s, ...groups };
  });
  const forecast = forecastLine(settings, planned, { turnaround_ms });
  const requests = forecast.devices
    .flatMap(({ polls }) => polls)
    .reduce((sum, poll) => sum + poll.requests * poll.perSecond * hour_s, 0);
  expect(done.missed).toBe(0);
  expect(done.requests).toBe(Math.round(requests));
  expect(done.busy_ms / (1000 * hour_s)).toBeCloseTo(forecast.loadShare, 9);
});
