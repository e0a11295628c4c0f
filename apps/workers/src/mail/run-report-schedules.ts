import {
  auditReportRun,
  everyOrganisation,
  runSchedule,
  type ScheduleRow,
  takeDueSchedules,
  withScope,
} from '@wattproof/database';
import { addDays, type LocalDate } from '@wattproof/energy';
import { enqueue } from '@wattproof/jobs';
import type { Resources } from '../resources.ts';

const months: Readonly<Record<Exclude<ScheduleRow['every'], 'week'>, number>> = {
  month: 1,
  quarter: 3,
  year: 12,
};

/** The same day a week or some months later; the last day of a shorter month where it has no such day. */
export function following(date: LocalDate, every: ScheduleRow['every']): LocalDate {
  if (every === 'week') return addDays(date, 7);
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months[every] + 1, 0));
  last.setUTCDate(Math.min(day, last.getUTCDate()));
  return last.toISOString().slice(0, 10);
}

/** The first day after today; days that passed while nothing ran are not made up for. */
export function nextAfter(date: LocalDate, every: ScheduleRow['every'], today: LocalDate): LocalDate {
  let next = following(date, every);
  while (next <= today) next = following(next, every);
  return next;
}

/** Asks for the reports whose day has come; each is a job run that everybody sees. */
export async function runReportSchedules(
  { pool, jobs, logger }: Pick<Resources, 'pool' | 'jobs' | 'logger'>,
  now: Date,
): Promise<void> {
  const today = now.toISOString().slice(0, 10);
  const ids = await withScope(pool, everyOrganisation, async (client) => {
    const made: string[] = [];
    for (const schedule of await takeDueSchedules(client, today))
      made.push(
        await runSchedule(client, schedule, {
          kind: auditReportRun,
          nextOn: nextAfter(schedule.nextOn, schedule.every, today),
        }),
      );
    return made;
  });
  for (const jobRunId of ids) await enqueue(jobs, 'makeAuditReport', { jobRunId });
  if (ids.length > 0) logger.info({ reports: ids.length }, 'reports asked for by schedule');
}
