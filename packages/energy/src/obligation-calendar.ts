/** Dates that follow from obligations and certificates, each with the days on which to be reminded of it. */
import { addDays, type LocalDate } from './calendar.ts';
import type { Obligation } from './obligation.ts';
import type { UnitProfile } from './unit-profile.ts';

export const calendarKinds = ['due', 'judged', 'certificateEnds'] as const;
export type CalendarKind = (typeof calendarKinds)[number];

export interface CalendarEntry {
  /** Stable: the same entry of the same rule or certificate. */
  readonly key: string;
  readonly kind: CalendarKind;
  readonly date: LocalDate;
  /** Rule that it follows from; null for certificates. */
  readonly ruleId: string | null;
  /** Number of the certificate that ends; empty otherwise. */
  readonly certificate: string;
  /** Whether the rule's outcome may be printed as a verdict; of a certificate always. */
  readonly isCertain: boolean;
  readonly isPast: boolean;
  /** Days to be reminded on, ascending. */
  readonly remindOn: readonly LocalDate[];
}

/** Days before a date on which people are reminded, unless they choose others: two quarters, two months, two weeks. */
export const usualReminders_days: readonly number[] = [180, 60, 14];

/** The calendar of a unit, the earliest first. A rule that is no law of the unit has no date in it. */
export function obligationCalendar(
  obligations: readonly Obligation[],
  profile: Pick<UnitProfile, 'certificates'>,
  {
    on,
    reminders_days = usualReminders_days,
  }: {
    readonly on: LocalDate;
    readonly reminders_days?: readonly number[];
  },
): readonly CalendarEntry[] {
  const entry = (
    date: LocalDate,
    rest: Pick<CalendarEntry, 'key' | 'kind' | 'ruleId' | 'certificate' | 'isCertain'>,
  ): CalendarEntry => ({
    ...rest,
    date,
    isPast: date < on,
    remindOn: reminders_days.map((days) => addDays(date, -days)).sort(),
  });
  const binding = obligations.filter(({ rule, outcome }) => rule.standing === 'law' && outcome === 'obliged');
  return [
    ...binding.flatMap(({ rule, due, isVerdict }) => {
      const common = { ruleId: rule.id, certificate: '', isCertain: isVerdict };
      return [
        ...(due.dueOn === null ? [] : [entry(due.dueOn, { ...common, key: `due ${rule.id}`, kind: 'due' })]),
        ...(due.judgedOn === null || due.judgedOn < on
          ? []
          : [entry(due.judgedOn, { ...common, key: `judged ${rule.id}`, kind: 'judged' as const })]),
      ];
    }),
    ...profile.certificates.map((certificate) =>
      entry(certificate.validTo, {
        key: `certificate ${certificate.standard} ${certificate.number}`,
        kind: 'certificateEnds',
        ruleId: null,
        certificate: certificate.number,
        isCertain: true,
      }),
    ),
  ].sort((a, b) => (a.date === b.date ? (a.key < b.key ? -1 : 1) : a.date < b.date ? -1 : 1));
}
