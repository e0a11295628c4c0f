import { createHash } from 'node:crypto';
import { light } from '@wattproof/charts';
import type { Locale } from '@wattproof/energy';
import { formatInstant } from '@wattproof/messages';
import { accountBlocks, coverageBlocks, coverageFile } from './audit-account.ts';
import { coverageSvg, cusumSvg, rankedRows } from './audit-charts.ts';
import { cusumFile, performanceBlocks } from './audit-performance.ts';
import {
  auditorBlocks,
  findingBlocks,
  measuredBlocks,
  qualityBlocks,
  summaryBlocks,
  unitBlocks,
} from './audit-sections.ts';
import { type AuditText, auditText } from './audit-text.ts';
import type { DocumentData } from './block.ts';
import { documentPdf } from './document-pdf.ts';
import type { AuditReportSnapshot } from './snapshot.ts';

const draftGrey = '#ecebe6';

/** Name of the report's file, without its ending. */
export function auditReportName(snapshot: AuditReportSnapshot, locale: Locale): string {
  const { t } = auditText(locale);
  const { periodFrom, periodTo } = snapshot.audit;
  return t('report.file', { entity: snapshot.entity.name, from: periodFrom, to: periodTo });
}

/** SHA-256 of the snapshot with its keys in order, so that storing it as JSON does not change it. */
export function snapshotFingerprint(snapshot: AuditReportSnapshot): string {
  const ordered = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(ordered);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, inner]) => inner !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, ordered(inner)]),
    );
  };
  return createHash('sha256')
    .update(JSON.stringify(ordered(snapshot)))
    .digest('hex');
}

function documentData(snapshot: AuditReportSnapshot, text: AuditText): DocumentData {
  const { t, locale } = text;
  const created = new Date(snapshot.createdAt);
  const period = t('report.period', {
    from: text.date(snapshot.audit.periodFrom),
    to: text.lastDay(snapshot.audit.periodTo),
  });
  const isDraft = snapshot.audit.signedOn === null;
  return {
    language: locale,
    title: t('report.title'),
    subtitle: `${snapshot.entity.name} · ${period}`,
    author: snapshot.audit.auditorName || snapshot.organisationName,
    keywords: ['EN 16247-1', 'ISO 50001', snapshot.rule.id],
    date: {
      year: created.getUTCFullYear(),
      month: created.getUTCMonth() + 1,
      day: created.getUTCDate(),
    },
    draft: isDraft ? t('report.draftLine') : '',
    draftMark: isDraft ? t('report.draft') : '',
    footer: [
      t('report.created', {
        at: formatInstant(locale, 'UTC', snapshot.createdAt, 'dateTime'),
        by: snapshot.createdBy || snapshot.organisationName,
      }),
      t('report.fingerprint', { sha256: snapshotFingerprint(snapshot) }),
    ].join('\n'),
    pageText: t('report.page', { page: '{page}', pages: '{pages}' }),
    colors: { ...light.colors, mark: draftGrey },
    blocks: [
      ...summaryBlocks(snapshot, text),
      ...unitBlocks(snapshot, text),
      ...accountBlocks(snapshot, text),
      ...coverageBlocks(snapshot, text),
      ...measuredBlocks(snapshot, text),
      ...performanceBlocks(snapshot, text),
      ...qualityBlocks(snapshot, text),
      ...findingBlocks(snapshot, text),
      ...auditorBlocks(snapshot, text),
    ],
  };
}

/** The audit report as PDF/A-2a. The same snapshot in the same language gives the same bytes. */
export function renderAuditReport(snapshot: AuditReportSnapshot, locale: Locale): Buffer {
  const text = auditText(locale);
  const images = new Map<string, string>();
  if (rankedRows(snapshot).length > 0) images.set(coverageFile, coverageSvg(snapshot, locale));
  snapshot.enpis.forEach((enpi, i) => {
    if (enpi.cusum.length > 0) images.set(cusumFile(i), cusumSvg(enpi, locale, text.t));
  });
  return documentPdf(documentData(snapshot, text), images);
}
