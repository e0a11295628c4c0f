import { dayOrdinal, localMidnight_ms } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';

export interface Range {
  readonly from: Date;
  readonly to: Date;
}

const day_ms = 86_400_000;
/** Nothing was measured before, and far dates are mistakes of typing. */
const earliest_ms = Date.UTC(1970, 0, 1);
const latest_ms = Date.UTC(2200, 0, 1);

/** @throws AppError invalid where the stretch is empty, backwards, out of all time or longer than allowed. */
export function requireRange(
  { from, to }: { readonly from: string; readonly to: string },
  longest_days: number,
): Range {
  const range = { from: new Date(from), to: new Date(to) };
  const length_ms = range.to.getTime() - range.from.getTime();
  if (!(length_ms > 0)) throw new AppError('invalid', 'from must lie before to', { from, to });
  if (range.from.getTime() < earliest_ms || range.to.getTime() > latest_ms)
    throw new AppError('invalid', 'from and to must lie between 1970 and 2200', { from, to });
  if (length_ms > longest_days * day_ms)
    throw new AppError('invalid', `The stretch is longer than ${longest_days} days`, { longest_days });
  return range;
}

/** The stretch between two local dates, half-open. @throws AppError invalid as `requireRange` does. */
export function localRange(
  { from, to }: { readonly from: string; readonly to: string },
  { timeZone, longest_days }: { readonly timeZone: string; readonly longest_days: number },
): Range {
  if (!(from < to)) throw new AppError('invalid', 'from must lie before to', { from, to });
  if (from < '1970-01-02' || to > '2199-12-31')
    throw new AppError('invalid', 'from and to must lie between 1970 and 2200', { from, to });
  if (dayOrdinal(to) - dayOrdinal(from) > longest_days)
    throw new AppError('invalid', `The stretch is longer than ${longest_days} days`, { longest_days });
  return {
    from: new Date(localMidnight_ms(timeZone, from)),
    to: new Date(localMidnight_ms(timeZone, to)),
  };
}
