import { describe, expect, it } from 'vitest';
import { afterAnswer, afterSilence, type RoundTrip, timeoutOf_ms, unknownRoundTrip } from './round-trip.ts';

const limits = { first_ms: 300, shortest_ms: 200, longest_ms: 3000 };
const after = (...samples: number[]): RoundTrip => samples.reduce(afterAnswer, unknownRoundTrip);

describe('timeoutOf_ms', () => {
  it('begins with the configured wait and doubles it up to four times while nobody answers', () => {
    const waits: number[] = [];
    let roundTrip = unknownRoundTrip;
    for (let n = 0; n < 5; n++) {
      waits.push(timeoutOf_ms(roundTrip, limits));
      roundTrip = afterSilence(roundTrip);
    }
    expect(waits).toEqual([300, 600, 1200, 1200, 1200]);
  });

  it('follows the device: half of the first sample is its deviation, as in RFC 6298', () => {
    expect(timeoutOf_ms(after(200), limits)).toBe(200 + 4 * 100);
    expect(after(200, 280)).toMatchObject({ smoothed_ms: 210, deviation_ms: 95 });
  });

  it('is never below its floor or above its ceiling, and comes down with steady answers', () => {
    expect(timeoutOf_ms(after(...new Array(60).fill(5)), limits)).toBe(200);
    expect(timeoutOf_ms(after(...new Array(60).fill(120)), limits)).toBeCloseTo(270, 0);
    expect(timeoutOf_ms(after(5000), limits)).toBe(3000);
  });

  it('doubles for a device that became slower, and forgets that with its next answer', () => {
    const steady = after(...new Array(60).fill(120));
    expect(timeoutOf_ms(afterSilence(afterSilence(steady)), limits)).toBeCloseTo(1080, 0);
    expect(timeoutOf_ms(afterAnswer(afterSilence(steady), 120), limits)).toBeCloseTo(270, 0);
  });

  it('takes answers that seem to come before the request has ended as immediate', () => {
    expect(after(-3).smoothed_ms).toBe(0);
  });
});
