import { type LocalDate, localMidnight_ms } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const dateForm = /^\d{4}-\d{2}-\d{2}$/;
const longest_days = 3_700;

export function uuidOf(text: string): string {
  if (!uuidForm.test(text)) throw new AppError('invalid', `${text} is no id`);
  return text;
}

export function meterIdOf(text: string): number {
  const id = Number(text);
  if (!Number.isSafeInteger(id) || id < 1) throw new AppError('invalid', `${text} is no meter`);
  return id;
}

export function dateOf(text: string): LocalDate {
  if (!dateForm.test(text) || Number.isNaN(Date.parse(text)))
    throw new AppError('invalid', `${text} is no date`);
  return text;
}

export interface LocalPeriod {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly timeZone: string;
}

/** Local dates [from, to) as instants. */
export function periodOf(reference: { readonly from: string; readonly to: string }, timeZone: string) {
  const period: LocalPeriod = { from: dateOf(reference.from), to: dateOf(reference.to), timeZone };
  const from = new Date(localMidnight_ms(timeZone, period.from));
  const to = new Date(localMidnight_ms(timeZone, period.to));
  if (!(to > from) || to.getTime() - from.getTime() > longest_days * 86_400_000)
    throw new AppError(
      'invalid',
      'The period of a receipt is from one date to a later one, ten years at most',
    );
  return { period, from, to };
}
