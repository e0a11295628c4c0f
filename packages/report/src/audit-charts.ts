import { coverageOption, cusumOption, light } from '@wattproof/charts';
import { chartSvg } from '@wattproof/charts/server';
import type { Locale } from '@wattproof/energy';
import { type ReportTranslator, type UnitScale, unitScaleOf } from '@wattproof/messages';
import { rowName } from './audit-text.ts';
import type { AuditReportSnapshot, ReportEnpi, ReportRow } from './snapshot.ts';

const width = 640;
/** Paper shows no more of a name than what stands there, so the longest take two lines. */
const labelWidth = 200;

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
        labelWidth,
      },
      { theme: light, locale, timeZone: 'UTC', width },
    ),
    { width, height: 60 + rows.length * 26 },
  );
}

/** The unit that fits the largest value of the running sum. */
export const cusumScale = ({ cusum }: Pick<ReportEnpi, 'cusum'>): UnitScale =>
  unitScaleOf('Wh', Math.max(0, ...cusum.map((day) => Math.abs(day.cusum_wh))));

/** Running sum of actual − expected with its no-change band. */
export function cusumSvg(enpi: ReportEnpi, locale: Locale, t: ReportTranslator): string {
  return chartSvg(
    cusumOption(
      { days: enpi.cusum, scale: cusumScale(enpi), color: light.colors.accent },
      { theme: light, locale, timeZone: 'UTC', width },
      { noChange: t('report.performance.noChange') },
    ),
    { width, height: 220 },
  );
}
