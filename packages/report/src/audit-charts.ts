import { coverageOption, cusumOption, light } from '@wattproof/charts';
import { chartSvg } from '@wattproof/charts/server';
import type { Locale } from '@wattproof/energy';
import { type ReportTranslator, unitScaleOf } from '@wattproof/messages';
import { rowName } from './audit-text.ts';
import type { AuditReportSnapshot, ReportEnpi, ReportRow } from './snapshot.ts';

const width = 640;

/** Rows that the rule's account counts, the audited ones first, each group by size. */
export function rankedRows(snapshot: AuditReportSnapshot): readonly ReportRow[] {
  return snapshot.rows
    .filter((row) => row.share !== null && row.share > 0)
    .sort((a, b) => Number(b.included) - Number(a.included) || (b.share ?? 0) - (a.share ?? 0));
}

/** The staircase of coverage: every row's share end to end against the threshold. */
export function coverageSvg(snapshot: AuditReportSnapshot, locale: Locale): string {
  const rows = rankedRows(snapshot);
  return chartSvg(
    coverageOption(
      {
        rows: rows.map((row) => ({
          name: rowName(row),
          share: row.share ?? 0,
          included: row.included,
          color: light.carriers[row.carrier],
        })),
        threshold: Number(snapshot.rule.threshold),
      },
      { theme: light, locale, timeZone: 'UTC', width },
    ),
    { width, height: 60 + rows.length * 22 },
  );
}

/** Running sum of actual − expected with its no-change band. */
export function cusumSvg(enpi: ReportEnpi, locale: Locale, t: ReportTranslator): string {
  const largest = Math.max(0, ...enpi.cusum.map((day) => Math.abs(day.cusum_wh)));
  return chartSvg(
    cusumOption(
      { days: enpi.cusum, scale: unitScaleOf('Wh', largest), color: light.colors.accent },
      { theme: light, locale, timeZone: 'UTC', width },
      { noChange: t('report.performance.noChange') },
    ),
    { width, height: 220 },
  );
}
