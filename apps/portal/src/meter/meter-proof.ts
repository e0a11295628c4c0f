import { entry } from '@wattproof/evidence/figure-member';
import { receiptId } from '@wattproof/evidence/receipt';
import type { MeterValue } from './meter-value.ts';

/** Receipt of what a meter reported at an instant. */
export const readingId = (meterId: number, measurand: string, at: string): string =>
  receiptId('reading', { meterId: String(meterId), measurand, at: new Date(at).toISOString() });

/** Receipt of a value as the meter reported it; null where there is none. */
export const readingOf = (meterId: number, { measurand, now }: MeterValue): string | null =>
  now && readingId(meterId, measurand, now.at);

/** Place of a measurand's statistic in the answer of the meter's page. */
export const statisticMember = ({ measurand }: Pick<MeterValue, 'measurand'>, name: string): string =>
  `${entry('measurands', { measurand })}.${name}`;
