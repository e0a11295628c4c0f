/** What every benchmark does with its figures and its flags. */

/** The value that a share of the list does not exceed; NaN of an empty list. */
export function quantile(list: readonly number[], share: number): number {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** The middle value, or the mean of the two; NaN of an empty list. */
export function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/**
 * The positive integer behind a flag, say `--runs 5`.
 * @throws Error where something else stands there.
 */
export function flag(flags: readonly string[], name: string, fallback: number): number {
  const index = flags.indexOf(name);
  const value = index < 0 ? fallback : Number(flags[index + 1]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} needs a number`);
  return value;
}
