import { createHash } from 'node:crypto';
import { light } from '@wattproof/charts';
import { type Locale, type ReportSection, reportSections } from '@wattproof/energy';
import { formatInstant } from '@wattproof/messages';
import { accountBlocks, coverageBlocks, coverageFile } from './audit-account.ts';
import { coverageSvg, cusumSvg, rankedRows } from './audit-charts.ts';
import { actionPlanBlocks, opportunityBlocks } from './audit-opportunities.ts';
import { buildingBlocks, conductBlocks, processBlocks, transportBlocks } from './audit-parts.ts';
import { cusumFile, performanceBlocks } from './audit-performance.ts';
import { receiptBlocks } from './audit-receipts.ts';
import { reissueBlocks } from './audit-reissue.ts';
import { findingBlocks, measuredBlocks, qualityBlocks, summaryBlocks, unitBlocks } from './audit-sections.ts';
import { signatureBlocks } from './audit-signature.ts';
import { photoFile, statedBlocks } from './audit-stated.ts';
import { type AuditText, auditText } from './audit-text.ts';
import type { Block, DocumentData } from './block.ts';
import { documentPdf } from './document-pdf.ts';
import type { AuditReportSnapshot } from './snapshot.ts';

const draftGrey = '#ecebe6';

/** Name of the report's file, without its ending. */
export function auditReportName(
  snapshot: Pick<AuditReportSnapshot, 'entity' | 'audit'>,
  locale: Locale,
): string {
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

/** What the data says in each section; the auditor's words and photos stand behind it. */
const sectionBlocks: Readonly<
  Record<ReportSection, (snapshot: AuditReportSnapshot, text: AuditText) => readonly Block[]>
> = {
  summary: summaryBlocks,
  unit: unitBlocks,
  account: accountBlocks,
  coverage: coverageBlocks,
  measured: measuredBlocks,
  performance: performanceBlocks,
  quality: qualityBlocks,
  findings: findingBlocks,
  conduct: conductBlocks,
  buildings: buildingBlocks,
  processes: processBlocks,
  transport: transportBlocks,
  opportunities: opportunityBlocks,
  actionPlan: actionPlanBlocks,
};

const isEmpty = (block: Block | undefined): boolean =>
  (block?.kind === 'table' && block.table.rows.length === 0) ||
  (block?.kind === 'matrix' && block.matrix.rows.length === 0);

/** A table without a row says nothing: one sentence stands in the place of it and of the empty ones that follow. */
const spoken = (sentence: string, blocks: readonly Block[]): Block[] =>
  blocks.flatMap((block, i): Block[] => {
    if (!isEmpty(block)) return [block];
    return isEmpty(blocks[i - 1]) ? [] : [{ kind: 'text', text: sentence }];
  });

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
    blocks: spoken(t('report.none'), [
      ...reportSections.flatMap((section) => [
        ...sectionBlocks[section](snapshot, text),
        ...statedBlocks(section, snapshot, text),
      ]),
      ...signatureBlocks(snapshot, text),
      ...reissueBlocks(snapshot, text),
      ...receiptBlocks(snapshot, text),
    ]),
  };
}

/**
 * The audit report as PDF/A-2a. The same snapshot in the same language gives the same bytes.
 * @param photos the bytes of the snapshot's photos by their SHA-256.
 * @throws Error where the bytes of a photo are missing or are others.
 */
export function renderAuditReport(
  snapshot: AuditReportSnapshot,
  locale: Locale,
  photos: ReadonlyMap<string, Buffer> = new Map(),
): Buffer {
  const text = auditText(locale);
  const images = new Map<string, string | Buffer>();
  if (rankedRows(snapshot).length > 0) images.set(coverageFile, coverageSvg(snapshot, locale));
  snapshot.enpis.forEach((enpi, i) => {
    if (enpi.cusum.length > 0) images.set(cusumFile(i), cusumSvg(enpi, locale, text.t));
  });
  for (const photo of snapshot.photos ?? []) {
    const bytes = photos.get(photo.sha256);
    if (!bytes || createHash('sha256').update(bytes).digest('hex') !== photo.sha256)
      throw new Error(`The photo ${photo.sha256} of the report is not at hand`);
    images.set(photoFile(photo), bytes);
  }
  return documentPdf(documentData(snapshot, text), images);
}
