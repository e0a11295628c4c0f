import { type FormulaName, formulasOn } from '@wattproof/energy';
import { effectiveText } from './audit-rule-text.ts';
import type { AuditText } from './audit-text.ts';
import type { Block, KeyFigure } from './block.ts';
import type { AuditReportSnapshot, QualityShares, ReportEnpi, ReportReceipts } from './snapshot.ts';

/** The annex of receipts: how each headline figure came about, and the reference under which it is opened. */

interface Headline {
  readonly of: keyof ReportReceipts | 'savings';
  readonly receipt: string;
  readonly formula: FormulaName;
  readonly name: string;
  readonly value: string;
  readonly period: string;
  readonly expression: string;
  /** What else went in, with its version: the rule, the baseline. */
  readonly factors: readonly string[];
  readonly quality: readonly string[];
}

const anchorOf = (position: number): string => `receipt-${position + 1}`;
const markOf = (position: number): string => `R${position + 1}`;

const classes = ['measured', 'interpolated', 'estimated', 'manual', 'missing'] as const;

const qualityLines = (quality: QualityShares | null | undefined, { t, percent }: AuditText): string[] =>
  quality
    ? classes
        .filter((name) => name === 'measured' || quality[name] > 0)
        .map((name) => `${t(`report.quality.${name}`)} ${percent(quality[name], 2)}`)
    : [t('report.unknown')];

function savingOf(enpi: ReportEnpi, text: AuditText): Headline[] {
  const { t } = text;
  const { receipt, savings } = enpi;
  if (!receipt) return [];
  const { value, halfWidth } = savings.energy_wh;
  return [
    {
      of: 'savings',
      receipt,
      formula: 'savings',
      name: t('report.performance.heading', { site: enpi.siteName, name: enpi.name }),
      value: [text.energy(value, true), halfWidth === null ? '' : `± ${text.energy(halfWidth)}`]
        .filter(Boolean)
        .join(' '),
      period: t('report.unit.effectiveFromTo', {
        from: text.date(savings.from),
        to: text.lastDay(savings.to),
      }),
      expression: t('report.receipt.saving'),
      factors: [
        t('report.performance.model', {
          from: text.date(enpi.baselineFrom),
          to: text.lastDay(enpi.baselineTo),
          version: String(enpi.version),
          n: String(enpi.statistics.n),
        }),
      ],
      quality: [
        t('report.receipt.knownDays', { known: String(savings.knownDays), days: String(savings.days) }),
        ...(enpi.quality ? qualityLines(enpi.quality, text) : []),
      ],
    },
  ];
}

/** The headline figures in the order of the summary; none where the snapshot has no references. */
function headlines(snapshot: AuditReportSnapshot, text: AuditText): readonly Headline[] {
  const { t } = text;
  const { receipts, coverage, guide, measured, rule, audit } = snapshot;
  if (!receipts) return [];
  const period = t('report.unit.effectiveFromTo', {
    from: text.date(audit.periodFrom),
    to: text.lastDay(audit.periodTo),
  });
  const estimated = (share: number): string[] => [
    t('report.receipt.estimated', { share: text.percent(share, 2) }),
  ];
  return [
    {
      of: 'coverage',
      receipt: receipts.coverage,
      formula: 'auditCoverage',
      name: t('report.summary.coverage'),
      value: text.exactPercent(coverage.share_percent),
      period,
      expression: t('report.receipt.coverage', { basis: text.basis(coverage.basis) }),
      factors: [
        t('report.receipt.rule', {
          rule: rule.id,
          effective: effectiveText(rule, text),
          verification: t(`report.verification.${rule.verification}`),
        }),
      ],
      quality: estimated(coverage.estimatedShare),
    },
    {
      of: 'guide',
      receipt: receipts.guide,
      formula: 'auditCoverage',
      name: t('report.summary.guide'),
      value: text.exactPercent(guide.share_percent),
      period,
      expression: t('report.receipt.coverage', { basis: text.basis(guide.basis) }),
      factors: [],
      quality: estimated(guide.estimatedShare),
    },
    {
      of: 'measured',
      receipt: receipts.measured,
      formula: 'measuredShare',
      name: t('report.summary.measured'),
      value: text.percent(measured.share),
      period,
      expression: t('report.receipt.measured'),
      factors: [],
      quality: qualityLines(measured.quality, text),
    },
    ...snapshot.enpis.flatMap((enpi) => savingOf(enpi, text)),
  ];
}

/** Link from a figure of the summary to its receipt; savings lead to the first of them. */
export function receiptOf(
  snapshot: AuditReportSnapshot,
  of: Headline['of'],
  text: AuditText,
): Pick<KeyFigure, 'receipt'> {
  const all = headlines(snapshot, text);
  const first = all.findIndex((one) => one.of === of);
  const last = all.findLastIndex((one) => one.of === of);
  if (first < 0) return {};
  const mark = first === last ? markOf(first) : `${markOf(first)}–${markOf(last)}`;
  return { receipt: { text: text.t('report.receipt.mark', { mark }), anchor: anchorOf(first) } };
}

export function receiptBlocks(snapshot: AuditReportSnapshot, text: AuditText): Block[] {
  const { t } = text;
  const all = headlines(snapshot, text);
  if (all.length === 0) return [];
  const versions = snapshot.formulas ?? formulasOn(snapshot.createdAt.slice(0, 10));
  return [
    { kind: 'heading', level: 1, text: t('report.receipt') },
    { kind: 'text', text: t('report.receipt.text') },
    {
      kind: 'table',
      table: {
        head: ['', t('report.receipt.figure'), t('report.receipt.how')],
        align: ['left', 'left', 'left'],
        // The longest reference of a share stands in one line.
        widths: [0.5, 2.9, 6.7],
        anchors: all.map((_, i) => anchorOf(i)),
        rows: all.map((one, i) => [
          markOf(i),
          [one.name, one.value, one.period].join('\n'),
          [
            one.receipt,
            one.expression,
            t('report.receipt.formula', { name: one.formula, version: String(versions[one.formula]) }),
            ...one.factors,
            t('report.receipt.quality', { shares: one.quality.join(', ') }),
          ].join('\n'),
        ]),
      },
    },
  ];
}
