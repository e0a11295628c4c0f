/** What a counter last showed, to notice when it falls back or runs faster than it can. */
export interface CounterMemory {
  readonly value: number;
  readonly at_ms: number;
}

export interface CounterRules {
  /** Value at which the register begins again at 0; undefined where unknown. */
  readonly modulus?: number | undefined;
  /** Most that it can count in a second; undefined switches the test off. */
  readonly rate_per_s_max?: number | undefined;
  /** Worth of one count, allowed on top: counting may begin and end anywhere between two. */
  readonly step: number;
}

/** A register that passed its end shows less than a tenth of it, coming from more than nine tenths. */
const rolloverShare = 0.1;

/**
 * What is to be said of a counter's new value: `counterReset` where it fell back without having passed its end,
 * `outOfRange` where it counted more than it can have. The value stays as it was read.
 */
export function judgeCounter(
  before: CounterMemory | undefined,
  now: CounterMemory,
  { modulus, rate_per_s_max, step }: CounterRules,
): 'counterReset' | 'outOfRange' | undefined {
  if (!before || now.at_ms <= before.at_ms) return undefined;
  let counted = now.value - before.value;
  if (counted < 0) {
    const passedEnd =
      modulus !== undefined &&
      before.value > (1 - rolloverShare) * modulus &&
      now.value < rolloverShare * modulus;
    if (!passedEnd) return 'counterReset';
    counted += modulus;
  }
  if (rate_per_s_max === undefined) return undefined;
  const seconds = (now.at_ms - before.at_ms) / 1000;
  return counted > rate_per_s_max * seconds + step ? 'outOfRange' : undefined;
}
