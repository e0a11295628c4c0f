import { AppError } from '@wattproof/runtime';

export interface Range {
  readonly from: Date;
  readonly to: Date;
}

const day_ms = 86_400_000;

/** @throws AppError invalid where the stretch is empty, backwards or longer than allowed. */
export function requireRange(
  { from, to }: { readonly from: string; readonly to: string },
  longest_days: number,
): Range {
  const range = { from: new Date(from), to: new Date(to) };
  const length_ms = range.to.getTime() - range.from.getTime();
  if (!(length_ms > 0)) throw new AppError('invalid', 'from must lie before to');
  if (length_ms > longest_days * day_ms)
    throw new AppError('invalid', `The stretch is longer than ${longest_days} days`);
  return range;
}
