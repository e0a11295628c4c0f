/** When a duty falls due: from the rule's dates and from the audits that were completed. */
import type { LocalDate } from './calendar.ts';
import type { Deadline } from './obligation-rule.ts';

export interface DueDate {
  /** null: cannot be said from what is stated. */
  readonly dueOn: LocalDate | null;
  /** The audit that the next one follows; null: none is recorded that counts. */
  readonly follows: LocalDate | null;
  /** Date on which size is judged, where the rule has one. */
  readonly judgedOn: LocalDate | null;
}

const lastDayOfMonth = (year: number, month: number): number =>
  new Date(Date.UTC(year, month, 0)).getUTCDate();

/** The same day so many months later; the last day of a shorter month. */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const index = year * 12 + (month - 1) + months;
  const toYear = Math.floor(index / 12);
  const toMonth = (index % 12) + 1;
  const toDay = Math.min(day, lastDayOfMonth(toYear, toMonth));
  return `${String(toYear).padStart(4, '0')}-${String(toMonth).padStart(2, '0')}-${String(toDay).padStart(2, '0')}`;
}

const addYears = (date: LocalDate, years: number): LocalDate => addMonths(date, years * 12);

/** The date by which a duty must next be met, seen from a day. */
export function dueDate(
  deadline: Deadline,
  unit: { readonly audits: readonly LocalDate[]; readonly obligedSince: LocalDate | null },
  on: LocalDate,
): DueDate {
  const last =
    [...unit.audits]
      .sort()
      .filter((date) => date <= on)
      .at(-1) ?? null;
  switch (deadline.kind) {
    case 'first': {
      const { date, every_years } = deadline;
      if (every_years === null) return { dueOn: date, follows: null, judgedOn: null };
      // An audit older than a cycle before the first date is no longer current on it.
      const counts = last !== null && last >= addYears(date, -every_years);
      return counts
        ? { dueOn: addYears(last, every_years), follows: last, judgedOn: null }
        : { dueOn: date, follows: null, judgedOn: null };
    }
    case 'sinceObliged': {
      if (last !== null)
        return { dueOn: addYears(last, deadline.every_years), follows: last, judgedOn: null };
      const dueOn =
        unit.obligedSince === null || unit.obligedSince <= deadline.date
          ? deadline.date
          : addMonths(unit.obligedSince, deadline.months);
      return { dueOn, follows: null, judgedOn: null };
    }
    case 'rounds': {
      let round = deadline.first;
      while (addYears(round, deadline.every_years) <= on) round = addYears(round, deadline.every_years);
      const before = addYears(round, -deadline.every_years);
      const isMet = round > on || (last !== null && last > before);
      const dueOn = isMet && round <= on ? addYears(round, deadline.every_years) : round;
      return { dueOn, follows: isMet ? last : null, judgedOn: null };
    }
    case 'phases': {
      const phase = deadline.phases.find(({ compliance }) => compliance >= on) ?? null;
      return { dueOn: phase?.compliance ?? null, follows: last, judgedOn: phase?.qualification ?? null };
    }
  }
}
