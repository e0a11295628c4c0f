import type { SettledSequence } from '../message/assembly.ts';
import { type BatchRange, missingRanges, type Watermark } from './watermark.ts';

/** A sequence with batches missing, while newer ones are committed. */
interface Gap {
  readonly sequence: SettledSequence;
  readonly since_ms: number;
  mark: Watermark;
  askAt_ms: number;
  wait_ms: number;
  asked: number;
}
export interface GapRequest {
  readonly sequence: SettledSequence;
  readonly ranges: readonly BatchRange[];
}
export interface GapDecisions {
  readonly requests: readonly GapRequest[];
  /** Gaps that nobody can fill: their gateway was asked and did not have the batches. */
  readonly givenUp: readonly SettledSequence[];
}
export interface GapWatch {
  /** Takes note of a sequence after a commit. */
  readonly note: (sequence: SettledSequence, mark: Watermark, now_ms: number) => void;
  /** What to do now. Call it every second or so. */
  readonly decide: (now_ms: number) => GapDecisions;
  readonly count: () => number;
}

/** Batches overtake each other for a moment; only what stays missing is asked for. */
const firstWait_ms = 2_000;
const longestWait_ms = 300_000;
/** A gap that stayed open this long, asked for this often, is given up: otherwise the gateway could never delete what follows. */
const patience_ms = 15 * 60_000;
const asksBeforeGivingUp = 5;
/** Ranges in one round of requests. */
const rangesPerRound = 8;

export function createGapWatch(): GapWatch {
  const gaps = new Map<string, Gap>();
  return {
    note: (sequence, mark, now_ms) => {
      const key = `${sequence.gatewayId} ${sequence.lane} ${sequence.boot}`;
      const known = gaps.get(key);
      if (mark.beyond.length === 0) gaps.delete(key);
      else if (known && known.mark.upTo === mark.upTo) known.mark = mark;
      else
        gaps.set(key, {
          sequence,
          since_ms: now_ms,
          mark,
          askAt_ms: now_ms + firstWait_ms,
          wait_ms: firstWait_ms,
          asked: 0,
        });
    },
    decide: (now_ms) => {
      const requests: GapRequest[] = [];
      const givenUp: SettledSequence[] = [];
      for (const gap of gaps.values()) {
        if (now_ms < gap.askAt_ms) continue;
        if (gap.asked >= asksBeforeGivingUp && now_ms - gap.since_ms >= patience_ms) {
          givenUp.push(gap.sequence);
        } else {
          requests.push({ sequence: gap.sequence, ranges: missingRanges(gap.mark).slice(0, rangesPerRound) });
          gap.asked++;
        }
        gap.wait_ms = Math.min(2 * gap.wait_ms, longestWait_ms);
        gap.askAt_ms = now_ms + gap.wait_ms;
      }
      return { requests, givenUp };
    },
    count: () => gaps.size,
  };
}
