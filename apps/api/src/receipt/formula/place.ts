import { addDays, findMeasurand, type LocalDate, localDate } from '@wattproof/energy';
import { receiptId } from '@wattproof/evidence/receipt';
import type { FigurePlace, FigureSource } from '../figure-formula.ts';

/** A text of an answer; empty where it is none. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Nearest text of that name around a figure. */
export const nearestText = ({ owners }: FigurePlace, name: string): string =>
  textOf(owners.find((owner) => typeof owner[name] === 'string')?.[name]);

/** Local dates [from, to) around a figure, or of the query. */
export function datesOf({ owners, query }: FigurePlace): {
  readonly from: LocalDate;
  readonly to: LocalDate;
} {
  const isDate = (value: unknown): boolean => textOf(value).length === 10;
  const owner = owners.find(({ from, to }) => isDate(from) && isDate(to));
  return { from: textOf(owner?.from ?? query.from), to: textOf(owner?.to ?? query.to) };
}

/** The local days that hold [from, to) of instants. */
export const daysAround = (
  timeZone: string,
  { from, to }: { readonly from: string; readonly to: string },
): { readonly from: LocalDate; readonly to: LocalDate } => ({
  from: localDate(timeZone, Date.parse(from)),
  to: addDays(localDate(timeZone, Date.parse(to) - 1), 1),
});

/** The meters that are named around a figure, over its dates. */
export function namedMeters(place: FigurePlace): FigureSource[] {
  const owner = place.owners.find(({ meterIds }) => Array.isArray(meterIds));
  const single = place.owners.find(({ meterId }) => typeof meterId === 'number')?.meterId;
  const plus = owner ? (owner.meterIds as number[]) : typeof single === 'number' ? [single] : [];
  const minus = Array.isArray(owner?.lessMeterIds) ? (owner.lessMeterIds as number[]) : [];
  const dates = datesOf(place);
  return plus.length > 0 && dates.from && dates.to ? [{ kind: 'meters', plus, minus, ...dates }] : [];
}

/** A site's energy of a carrier, or its cost (carrier `all`), as a part. */
export function siteReceipt(
  kind: 'siteEnergy' | 'siteCost',
  fields: { readonly siteId: string; readonly carrier: string; readonly from: string; readonly to: string },
): FigureSource[] {
  return Object.values(fields).every(Boolean)
    ? [{ kind: 'receipt', name: kind, id: receiptId(kind, fields) }]
    : [];
}

/** Code of the currency that stands beside an amount. */
export const currencyBeside = ({ owners }: FigurePlace): string => textOf(owners[0]?.currency);

/** Unit of the measurand that is named around a figure. */
export const measurandUnit = (place: FigurePlace): string =>
  findMeasurand(nearestText(place, 'measurand'))?.unit ?? '1';
