import { localDate } from '@wattproof/contracts/api';
import { dayOrdinal } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import { z } from 'zod';

/** Local dates of a site, half-open. */
export const dateRange = z.object({ from: localDate, to: localDate });
export type DateRange = z.infer<typeof dateRange>;

const longest_days = 400;

/** @throws AppError invalid where the range is empty, backwards or longer than allowed. */
export function requireDates({ from, to }: DateRange): void {
  const days = dayOrdinal(to) - dayOrdinal(from);
  if (days <= 0) throw new AppError('invalid', 'from must lie before to');
  if (days > longest_days) throw new AppError('invalid', `The period is longer than ${longest_days} days`);
}
