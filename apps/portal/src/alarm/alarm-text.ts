import type { Alarm } from '@wattproof/contracts/api';
import {
  formatDuration,
  formatInstant,
  formatMeasurand,
  type PortalTranslator,
  quantityText,
} from '@wattproof/messages';

/** How far an alarm has gone: its extreme against the limit, or how long nothing has come. */
export function howFar(alarm: Alarm, t: PortalTranslator, now_ms: number): string {
  if (alarm.kind === 'noData') {
    const end = alarm.clearedAt ? Date.parse(alarm.clearedAt) : now_ms;
    return t('alarm.noData', {
      duration: formatDuration(t.locale, (end - Date.parse(alarm.raisedAt)) / 1000),
    });
  }
  const value = alarm.extreme ?? alarm.value;
  if (value === null || alarm.measurand === null || alarm.threshold === null) return '—';
  const text = (v: number): string => quantityText(formatMeasurand(t.locale, v, alarm.measurand as string));
  return t('alarm.exceeds', { value: text(value), limit: text(alarm.threshold) });
}

/** Since when: the time of today, the date before. */
export function sinceText(alarm: Alarm, t: PortalTranslator, timeZone: string, now_ms: number): string {
  const isToday =
    formatInstant(t.locale, timeZone, alarm.raisedAt, 'date') ===
    formatInstant(t.locale, timeZone, now_ms, 'date');
  return formatInstant(t.locale, timeZone, alarm.raisedAt, isToday ? 'time' : 'dayShort');
}

/** Dearest first, then those without a price, then the oldest. */
export const byCost = (a: Alarm, b: Alarm): number =>
  Number(b.costPerDay?.amount ?? -1) - Number(a.costPerDay?.amount ?? -1) ||
  a.raisedAt.localeCompare(b.raisedAt);

export function stateText(alarm: Alarm, t: PortalTranslator): string {
  return alarm.state === 'acknowledged'
    ? t('alarm.state.acknowledged', { name: alarm.acknowledgedBy ?? '—' })
    : t(`alarm.state.${alarm.state}`);
}
