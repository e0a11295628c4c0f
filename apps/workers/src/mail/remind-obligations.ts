import {
  addMails,
  everyOrganisation,
  listReminded,
  listReviews,
  listUnits,
  type NewMail,
  profileOfUnit,
  type Reminded,
  type UnitRecord,
  withScope,
} from '@wattproof/database';
import {
  addDays,
  type CalendarEntry,
  type Locale,
  locales,
  obligationCalendar,
  obligations,
} from '@wattproof/energy';
import { formatLocalDate, reportTranslator } from '@wattproof/messages';
import type { ClientBase } from 'pg';
import type { Resources } from '../resources.ts';

/** Years before a date that rules look at. */
const yearCount = 3;
/** A reminder that nothing could write on its day is written within this. */
const late_days = 7;

/** Writes the reminders whose day has come, once each. Returns how many are new. */
export async function remindObligations(
  { pool, logger, portalUrl }: Pick<Resources, 'pool' | 'logger' | 'portalUrl'>,
  now: Date,
): Promise<number> {
  const organisations = await withScope(pool, everyOrganisation, async (client) => {
    const { rows } = await client.query<{ id: number; name: string }>(
      'SELECT id, name FROM organisation ORDER BY id',
    );
    return rows;
  });
  let written = 0;
  for (const organisation of organisations) {
    try {
      written += await withScope(pool, organisation.id, (client) =>
        remindOrganisation(client, organisation, { now, portalUrl }),
      );
    } catch (error) {
      // One organisation's trouble keeps no other from its reminders; the next days write it still.
      logger.error({ err: error, organisationId: organisation.id }, 'reminders were not written');
    }
  }
  return written;
}

async function remindOrganisation(
  client: ClientBase,
  organisation: { readonly id: number; readonly name: string },
  { now, portalUrl }: { readonly now: Date; readonly portalUrl: string },
): Promise<number> {
  const people = await listReminded(client, organisation.id);
  if (people.length === 0) return 0;
  const on = now.toISOString().slice(0, 10);
  const scope = { organisationId: organisation.id, siteIds: null };
  const reviewers = await listReviews(client, scope);
  const thisYear = Number(on.slice(0, 4));
  const years = Array.from({ length: yearCount }, (_, i) => thisYear - yearCount + i);
  const mails: NewMail[] = [];
  for (const unit of await listUnits(client, scope)) {
    const { profile } = await profileOfUnit(client, unit, years);
    const entries = obligationCalendar(obligations(profile, on, { reviewers }), profile, {
      on,
      ...(unit.stated?.reminders_days ? { reminders_days: unit.stated.reminders_days } : {}),
    });
    for (const entry of entries) {
      const remindOn = entry.remindOn.findLast((day) => day <= on && day > addDays(on, -late_days));
      if (remindOn === undefined || entry.date < on) continue;
      for (const person of people)
        mails.push(reminder({ organisation, unit, entry, person, remindOn, on, portalUrl }));
    }
  }
  return addMails(client, mails);
}

function reminder({
  organisation,
  unit,
  entry,
  person,
  remindOn,
  on,
  portalUrl,
}: {
  readonly organisation: { readonly id: number; readonly name: string };
  readonly unit: Pick<UnitRecord, 'id' | 'name'>;
  readonly entry: CalendarEntry;
  readonly person: Reminded;
  readonly remindOn: string;
  readonly on: string;
  readonly portalUrl: string;
}): NewMail {
  const locale: Locale = locales.find((known) => known === person.locale) ?? 'en';
  const t = reportTranslator(locale);
  const what = t(`report.reminder.${entry.kind}`, { rule: entry.ruleId ?? '', number: entry.certificate });
  const date = formatLocalDate(locale, entry.date, 'date');
  const days = Math.round((Date.parse(entry.date) - Date.parse(on)) / 86_400_000);
  const link = `${portalUrl}/audit/obligations/${unit.id}`;
  return {
    organisationId: organisation.id,
    kind: 'reminder',
    key: `reminder ${unit.id} ${entry.key} ${entry.date} ${remindOn} ${person.email}`,
    auditId: null,
    recipient: person.email,
    locale,
    subject: t('report.reminder.subject', { unit: unit.name, what, date }),
    body: [
      t('report.reminder.body', { what, date, days, unit: unit.name, link }),
      ...(entry.isCertain ? [] : [t('report.reminder.uncertain')]),
      '',
      '-- ',
      t('report.reminder.why', { organisation: organisation.name }),
      '',
    ].join('\n'),
    documentId: null,
  };
}
