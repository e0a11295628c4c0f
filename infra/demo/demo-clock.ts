import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localDate, localMidnight_ms } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';

/** The instants and dates a demo is made around, fixed at its first start. */
export interface DemoClock {
  /** Beginning of the plant: no later than anything that is billed or read. */
  readonly plantStart_ms: number;
  /** First reading. */
  readonly historyFrom_ms: number;
  readonly baselineFrom: string;
  readonly reportingFrom: string;
  readonly reportingFrom_ms: number;
  /** Twelve full months before the demo's first day, [from, to). */
  readonly auditFrom: string;
  readonly auditTo: string;
}

/** Every site of the demo keeps Central European Time. */
export const demoZone = 'Europe/Paris';

/** First day of the month that lies `months` before the month of a local date. */
export function monthBefore(date: string, months: number): string {
  const [year = 0, month = 1] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 10);
}

/**
 * `months` full months of readings before the month of `now_ms`, and that month so far. Of 14, twelve are the
 * baseline and two the reporting period; of fewer, a third reports.
 */
export function demoClock(now_ms: number, months: number): DemoClock {
  if (!Number.isInteger(months) || months < 2 || months > 36)
    throw new AppError('invalid', `WATTPROOF_DEMO_MONTHS is ${months}, but must be 2 to 36.`);
  const today = localDate(demoZone, now_ms);
  const reportingMonths = months >= 14 ? months - 12 : Math.max(1, Math.floor(months / 3));
  const baselineFrom = monthBefore(today, months);
  const reportingFrom = monthBefore(today, reportingMonths);
  const midnight = (date: string): number => localMidnight_ms(demoZone, date);
  return {
    plantStart_ms: midnight(monthBefore(today, Math.max(months, 13))),
    historyFrom_ms: midnight(baselineFrom),
    baselineFrom,
    reportingFrom,
    reportingFrom_ms: midnight(reportingFrom),
    auditFrom: monthBefore(today, 12),
    auditTo: monthBefore(today, 0),
  };
}

/** When a demo was made and how long its history is. */
export interface DemoOrigin {
  readonly madeAt_ms: number;
  readonly months: number;
}
const originFile = 'demo-origin.json';

export function readDemoOrigin(stateFolder: string): DemoOrigin | undefined {
  const file = join(stateFolder, originFile);
  if (!existsSync(file)) return undefined;
  const { madeAt, months } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const madeAt_ms = Date.parse(String(madeAt));
  if (Number.isNaN(madeAt_ms) || typeof months !== 'number')
    throw new AppError('invalid', `${file} does not hold madeAt and months: start with --fresh.`);
  return { madeAt_ms, months };
}

export function writeDemoOrigin(stateFolder: string, { madeAt_ms, months }: DemoOrigin): void {
  const content = { madeAt: new Date(madeAt_ms).toISOString(), months };
  writeFileSync(join(stateFolder, originFile), `${JSON.stringify(content, null, 2)}\n`);
}
