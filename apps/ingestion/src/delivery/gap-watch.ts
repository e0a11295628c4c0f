import { type BatchRange, missingRanges, type Watermark } from '@wattproof/database';
import type { SettledSequence } from '../message/assembly.ts';

/** A sequence with batches missing, while newer ones are committed. */
export interface Gap {
  readonly sequence: SettledSequence;
  readonly since_ms: number;
  mark: Watermark;
  askAt_ms: number;
  wait_ms: number;
  asked: number;
}
export interface GapRequest {
  readonly gap: Readonly<Gap>;
  readonly ranges: readonly BatchRange[];
}
export interface GapDecisions {
  readonly requests: readonly GapRequest[];
  /** Gaps that nobody can fill: their gateway was asked and did not have the batches. */
  readonly givenUp: readonly Readonly<Gap>[];
}
export interface GapWatch {
  /** Takes note of a sequence after a commit. */
  readonly note: (sequence: SettledSequence, mark: Watermark, now_ms: number) => void;
  /** Goes on with a gap that another process has watched so far. */
  readonly resume: (
    sequence: SettledSequence,
    mark: Watermark,
    known: { readonly since_ms: number; readonly asked: number },
    now_ms: number,
  ) => void;
  /** What to do now. Call it every second or so. */
  readonly decide: (now_ms: number) => GapDecisions;
  /** The gaps that are open now. */
  readonly open: () => Iterable<Readonly<Gap>>;
}

/** Batches overtake each other for a moment; only what stays missing is asked for. */
const firstWait_ms = 2_000;
const longestWait_ms = 300_000;
/** A gap that stayed open this long, asked for this often, is given up: otherwise the gateway could never delete what follows. */
const patience_ms = 15 * 60_000;
const asksBeforeGivingUp = 5;
/** Ranges in one round of requests. */
const rangesPerRound = 8;

const keyOf = ({ gatewayId, lane, boot }: SettledSequence): string => `${gatewayId} ${lane} ${boot}`;

export function createGapWatch(): GapWatch {
  const gaps = new Map<string, Gap>();
  const watch = (
    sequence: SettledSequence,
    mark: Watermark,
    { since_ms, asked }: { readonly since_ms: number; readonly asked: number },
    now_ms: number,
  ): void => {
    gaps.set(keyOf(sequence), {
      sequence,
      since_ms,
      mark,
      askAt_ms: now_ms + firstWait_ms,
      wait_ms: firstWait_ms,
      asked,
    });
  };
  return {
    note: (sequence, mark, now_ms) => {
      const known = gaps.get(keyOf(sequence));
      if (mark.beyond.length === 0) gaps.delete(keyOf(sequence));
      else if (known && known.mark.upTo === mark.upTo) known.mark = mark;
      else watch(sequence, mark, { since_ms: now_ms, asked: 0 }, now_ms);
    },
    resume: (sequence, mark, known, now_ms) => {
      // What was noted after a commit of our own is newer.
      if (!gaps.has(keyOf(sequence))) watch(sequence, mark, known, now_ms);
    },
    decide: (now_ms) => {
      const requests: GapRequest[] = [];
      const givenUp: Gap[] = [];
      for (const gap of gaps.values()) {
        if (now_ms < gap.askAt_ms) continue;
        if (gap.asked >= asksBeforeGivingUp && now_ms - gap.since_ms >= patience_ms) {
          givenUp.push(gap);
        } else {
          gap.asked++;
          requests.push({ gap, ranges: missingRanges(gap.mark).slice(0, rangesPerRound) });
        }
        gap.wait_ms = Math.min(2 * gap.wait_ms, longestWait_ms);
        gap.askAt_ms = now_ms + gap.wait_ms;
      }
      return { requests, givenUp };
    },
    open: () => gaps.values(),
  };
}
