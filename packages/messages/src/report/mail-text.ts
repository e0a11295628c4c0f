import type { LocalDate, Locale } from '@wattproof/energy';
import { formatLocalDate } from '../date.ts';
import { reportTranslator } from './catalogue.ts';

/** What a mail says of the report that it brings. */
export interface ReportMailFacts {
  readonly entityName: string;
  readonly organisationName: string;
  /** Local dates, [from, to). */
  readonly periodFrom: LocalDate;
  readonly periodTo: LocalDate;
  /** Null: a draft. */
  readonly signedBy: string | null;
  readonly fileName: string;
  readonly sha256: string;
  readonly link: string;
  readonly isAttached: boolean;
  readonly requestedBy: string;
}

/** Subject and plain text of a mail that brings a report, or the way to it. */
export function reportMailText(
  locale: Locale,
  facts: ReportMailFacts,
): { readonly subject: string; readonly body: string } {
  const t = reportTranslator(locale);
  const lastDay = new Date(Date.parse(`${facts.periodTo}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  const subject = t('report.mail.subject', {
    title: t('report.title'),
    entity: facts.entityName,
    period: t('report.period', {
      from: formatLocalDate(locale, facts.periodFrom, 'date'),
      to: formatLocalDate(locale, lastDay, 'date'),
    }),
  });
  return {
    subject,
    body: [
      subject,
      '',
      facts.isAttached
        ? t('report.mail.attached', { file: facts.fileName, link: facts.link })
        : t('report.mail.linked', { link: facts.link }),
      facts.signedBy === null ? t('report.mail.draft') : t('report.mail.signed', { name: facts.signedBy }),
      t('report.mail.digest', { sha256: facts.sha256 }),
      '',
      '-- ',
      t('report.mail.why', { name: facts.requestedBy, organisation: facts.organisationName }),
      '',
    ].join('\n'),
  };
}
