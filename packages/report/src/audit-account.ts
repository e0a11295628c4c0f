import { addDecimal, type Carrier, drawnFrom, finalEnergy } from '@wattproof/energy';
import { rankedRows } from './audit-charts.ts';
import { type AuditText, rowName } from './audit-text.ts';
import type { Block, CellMark, Table } from './block.ts';
import type { AuditReportSnapshot, ReportCell, ReportFigure, ReportRow } from './snapshot.ts';

/** Sections 3 and 4: the energy account and the proof of coverage. */

interface Sum {
  energy_kwh: string;
  amounts: Map<string, string>;
}

/** Rows that are passed on or feedstock stand in the account with a minus. */
const isDeducted = (row: ReportRow): boolean => finalEnergy[row.kind] === 'deduct';
/** Ambient heat, other people's lorries and the output of own boilers are told, and added to nothing. */
const isIgnored = (row: ReportRow): boolean => finalEnergy[row.kind] === 'ignore';

function sumOf(rows: readonly ReportRow[]): Sum {
  const sum: Sum = { energy_kwh: '0', amounts: new Map() };
  for (const row of rows) {
    if (isIgnored(row)) continue;
    sum.energy_kwh = addDecimal(sum.energy_kwh, isDeducted(row) ? `-${row.energy_kwh}` : row.energy_kwh);
    if (row.amount)
      sum.amounts.set(
        row.amount.currency,
        addDecimal(sum.amounts.get(row.amount.currency) ?? '0', row.amount.amount),
      );
  }
  return sum;
}

const amountsText = (sum: Sum, text: AuditText): string =>
  [...sum.amounts].map(([currency, amount]) => text.money({ amount, currency })).join(' + ') || '–';

const shareOf = (part: string, whole: string): number | null =>
  Number(whole) > 0 ? Number(part) / Number(whole) : null;

function byCarrier(snapshot: AuditReportSnapshot, text: AuditText): Table {
  const { t, words } = text;
  const all = sumOf(snapshot.rows);
  const groups = [...Map.groupBy(snapshot.rows, (row) => row.carrier)]
    .map(([carrier, rows]) => ({ carrier, sum: sumOf(rows) }))
    .sort((a, b) => Number(b.sum.energy_kwh) - Number(a.sum.energy_kwh));
  return {
    head: [
      t('report.account.carrier'),
      t('report.account.energy'),
      t('report.account.share'),
      t('report.account.amount'),
    ],
    align: ['left', 'right', 'right', 'right'],
    widths: [3, 2, 1.4, 2],
    rows: groups.map(({ carrier, sum }) => [
      words(`carrier.${carrier}`),
      text.kwh(sum.energy_kwh),
      text.percent(shareOf(sum.energy_kwh, all.energy_kwh)),
      amountsText(sum, text),
    ]),
    total: [t('report.total'), text.kwh(all.energy_kwh), text.percent(1), amountsText(all, text)],
  };
}

function bySite(snapshot: AuditReportSnapshot, text: AuditText): Table {
  const { t, words } = text;
  const carriers: Carrier[] = [...new Set(snapshot.rows.map((row) => row.carrier))];
  const sites = [...Map.groupBy(snapshot.rows, (row) => row.siteName)].sort(
    (a, b) => Number(a[0] === null) - Number(b[0] === null) || (a[0] ?? '').localeCompare(b[0] ?? ''),
  );
  const cells = (rows: readonly ReportRow[]): string[] => [
    ...carriers.map((carrier) => {
      const own = rows.filter((row) => row.carrier === carrier);
      return own.length > 0 ? text.kwh(sumOf(own).energy_kwh) : '–';
    }),
    text.kwh(sumOf(rows).energy_kwh),
  ];
  return {
    head: [
      t('report.account.site'),
      ...carriers.map((carrier) => `${words(`carrier.${carrier}`)} kWh`),
      `${t('report.total')} kWh`,
    ],
    align: ['left', ...carriers.map(() => 'right' as const), 'right'],
    widths: [2.2, ...carriers.map(() => 1.6), 1.8],
    rows: sites.map(([siteName, rows]) => [text.site({ siteName }), ...cells(rows)]),
    total: [t('report.total'), ...cells(snapshot.rows)],
  };
}

/** Energy of a row as the account takes it: what is deducted has its minus. */
const energyOf = (row: ReportRow, text: AuditText): string =>
  `${isDeducted(row) ? '−' : ''}${text.kwh(row.energy_kwh)}`;

/** Of a row that is left out, whether uses that draw from it are audited by themselves. */
const isPartlyAudited = ({ uses = [] }: AuditReportSnapshot, row: ReportRow): boolean =>
  !row.included &&
  uses.some((use) => use.siteName === row.siteName && use.carrier === drawnFrom(row.carrier));

const label = (row: ReportRow, text: AuditText): string =>
  row.kind === 'purchased'
    ? [row.name, row.code].filter(Boolean).join('\n')
    : `${text.t(`report.kind.${row.kind}`)}\n${row.source}`;

function accountRows(snapshot: AuditReportSnapshot, text: AuditText): Table {
  const { t, words } = text;
  return {
    head: [
      t('report.account.point'),
      t('report.account.site'),
      t('report.account.carrier'),
      t('report.account.energy'),
      t('report.account.calorific'),
      t('report.account.amount'),
      t('report.account.inScope'),
    ],
    align: ['left', 'left', 'left', 'right', 'left', 'right', 'left'],
    widths: [3, 1.6, 1.45, 1.6, 1.35, 1.5, 1.25],
    rows: snapshot.rows.map((row) => [
      label(row, text),
      text.site(row),
      words(`carrier.${row.carrier}`),
      `${energyOf(row, text)}${row.estimated ? `\n${t('report.account.estimated')}` : ''}`,
      t(`report.calorific.${row.calorificBasis}`),
      text.money(row.amount),
      isPartlyAudited(snapshot, row) ? words('audit.someUses') : t(row.included ? 'report.yes' : 'report.no'),
    ]),
  };
}

export function accountBlocks(snapshot: AuditReportSnapshot, text: AuditText): Block[] {
  const { t } = text;
  return [
    { kind: 'heading', level: 1, text: t('report.account') },
    { kind: 'text', text: t('report.account.text') },
    { kind: 'heading', level: 2, text: t('report.account.byCarrier') },
    { kind: 'table', table: byCarrier(snapshot, text) },
    { kind: 'heading', level: 2, text: t('report.account.bySite') },
    { kind: 'table', table: bySite(snapshot, text) },
    { kind: 'heading', level: 2, text: t('report.account.rows') },
    { kind: 'table', table: accountRows(snapshot, text) },
  ];
}

function quantityOf(decimal: string, figure: ReportFigure, text: AuditText): string {
  if (figure.basis === 'energyBill')
    return figure.unit === '' ? '–' : text.money({ amount: decimal, currency: figure.unit });
  return `${text.kwh(decimal)}\u00a0kWh`;
}

const marks: Readonly<Record<ReportCell['state'], CellMark>> = {
  billed: 'full',
  estimated: 'half',
  overlapping: 'double',
  missing: 'empty',
  outsideValidity: 'none',
};

export const coverageFile = 'coverage.svg';

/** What the verdict has to survive: limits of error of meters, and samples that stand for clusters. */
function proofBlocks(
  { coverageRange: range, clusters = [], uses = [] }: AuditReportSnapshot,
  text: AuditText,
): Block[] {
  const { t, words } = text;
  const isWide = range !== undefined && range.lowest_percent !== range.highest_percent;
  return [
    ...(isWide
      ? [
          {
            kind: 'note' as const,
            text: t(range.isDecided ? 'report.coverage.range' : 'report.coverage.rangeOpen', {
              lowest: text.exactPercent(range.lowest_percent),
              highest: text.exactPercent(range.highest_percent),
            }),
            tone: range.isDecided ? ('plain' as const) : ('warn' as const),
          },
        ]
      : []),
    ...(uses.length === 0
      ? []
      : [
          { kind: 'heading' as const, level: 2 as const, text: words('audit.usesAlone') },
          { kind: 'text' as const, text: words('audit.usesAloneText') },
          {
            kind: 'table' as const,
            table: {
              head: [
                words('audit.site'),
                words('audit.use'),
                t('report.account.carrier'),
                t('report.measured.share'),
              ],
              align: ['left', 'left', 'left', 'right'],
              widths: [3, 3, 2, 1.6],
              rows: uses.map(({ siteName, energyUse, carrier, share }) => [
                siteName,
                words(`use.${energyUse}`),
                words(`carrier.${carrier}`),
                text.percent(Number(share), 2),
              ]),
            },
          } satisfies Block,
        ]),
    ...(clusters.length === 0
      ? []
      : [
          { kind: 'heading' as const, level: 2 as const, text: t('report.coverage.clusters') },
          {
            kind: 'table' as const,
            table: {
              head: [
                t('report.coverage.cluster'),
                t('report.coverage.clusterWhy'),
                t('report.coverage.clusterSites'),
                t('report.coverage.clusterAudited'),
                t('report.coverage.clusterCounts'),
              ],
              align: ['left', 'left', 'right', 'right', 'left'],
              widths: [2, 3.8, 1, 1.6, 1.6],
              rows: clusters.map((cluster) => [
                cluster.name,
                cluster.justification || t('report.unknown'),
                String(cluster.sites),
                `${cluster.audited} / ${cluster.required ?? t('report.unknown')}`,
                t(cluster.counts ? 'report.yes' : 'report.no'),
              ]),
            },
          } satisfies Block,
        ]),
  ];
}

export function coverageBlocks(snapshot: AuditReportSnapshot, text: AuditText): Block[] {
  const { t } = text;
  const { coverage, guide, rule } = snapshot;
  const threshold = text.percent(Number(rule.threshold), 0);
  const figureRow = (name: string, figure: ReportFigure): string[] => [
    name,
    quantityOf(figure.audited, figure, text),
    quantityOf(figure.total, figure, text),
    text.exactPercent(figure.share_percent),
    text.percent(figure.estimatedShare),
  ];
  const excluded = snapshot.rows.filter((row) => !row.included && !isPartlyAudited(snapshot, row));
  const points = snapshot.rows.filter((row) => row.cells.length > 0);
  return [
    { kind: 'heading', level: 1, text: t('report.coverage') },
    { kind: 'text', text: t('report.coverage.text') },
    {
      kind: 'table',
      table: {
        head: [
          t('report.coverage.basis'),
          t('report.coverage.audited'),
          t('report.coverage.all'),
          t('report.coverage.share'),
          t('report.coverage.estimated'),
        ],
        align: ['left', 'right', 'right', 'right', 'right'],
        widths: [2.6, 2, 2, 1.3, 1.6],
        rows: [
          figureRow(t('report.coverage.onRule', { basis: text.basis(coverage.basis) }), coverage),
          figureRow(t('report.coverage.onGuide', { basis: text.basis(guide.basis) }), guide),
        ],
      },
    },
    ...proofBlocks(snapshot, text),
    ...(rankedRows(snapshot).length > 0
      ? [
          {
            kind: 'image' as const,
            file: coverageFile,
            alt: t('report.coverage.chartAlt', {
              threshold,
              share: text.exactPercent(coverage.share_percent),
            }),
            caption: t('report.coverage.chart'),
          },
        ]
      : []),
    { kind: 'heading', level: 2, text: t('report.coverage.excluded') },
    excluded.length === 0
      ? { kind: 'text', text: t('report.coverage.nothingExcluded') }
      : {
          kind: 'table',
          table: {
            head: [
              t('report.account.point'),
              t('report.account.site'),
              t('report.account.energy'),
              t('report.account.share'),
              t('report.coverage.reason'),
            ],
            align: ['left', 'left', 'right', 'right', 'left'],
            widths: [2.6, 1.4, 1.4, 1, 2.6],
            rows: excluded.map((row) => [
              label(row, text),
              text.site(row),
              energyOf(row, text),
              row.share === null ? '–' : text.percent(row.share),
              row.reason === '' || row.reason === 'notListed' ? t('report.coverage.noReason') : row.reason,
            ]),
          },
        },
    { kind: 'heading', level: 2, text: t('report.coverage.matrix') },
    { kind: 'text', text: t('report.coverage.matrixText') },
    {
      kind: 'matrix',
      matrix: {
        corner: t('report.account.point'),
        columns: snapshot.months.map((month) => `${month.slice(5)}\n${month.slice(2, 4)}`),
        rows: points.map((row) => ({
          label: rowName(row),
          cells: row.cells.map((cell) => ({
            mark: marks[cell.state],
            text: `${cell.month}: ${t(`report.cell.${cell.state}`)}`,
          })),
        })),
        legend: (Object.keys(marks) as ReportCell['state'][]).map((state) => ({
          mark: marks[state],
          text: t(`report.cell.${state}`),
        })),
      },
    },
  ];
}
