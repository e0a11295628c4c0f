/**
 * The figures of a report as a list, so that two reports of the same data can be set against each other: each with its exact
 * value and the formula that computed it.
 */
import {
  type Decimal,
  decimalOf,
  type FactorRole,
  type FormulaName,
  type ReportDifference,
  type ReportFigureName,
  subtractDecimal,
} from '@wattproof/energy';
import type { AuditReportSnapshot, ReportFigure } from './snapshot.ts';

export interface FigureOfReport {
  readonly figure: ReportFigureName;
  /** Row, site, use, EnPI or measure that it is about; empty: the whole audit. */
  readonly subject: string;
  /** `kWh`, `%`, `years`, a currency; empty: a word. */
  readonly unit: string;
  /** Exact decimal, or a word where the unit is empty; null where it is not known. */
  readonly value: string | null;
  readonly formulas: readonly FormulaName[];
  /** Rule that it rests on beside the formula. */
  readonly factor: FactorRole | null;
}

/** Twelve digits: what adding in another order can change is behind them. */
const exact = (value: number | null | undefined): Decimal | null =>
  value === null || value === undefined || !Number.isFinite(value)
    ? null
    : decimalOf(Number(value.toPrecision(12)));
const percent = (share: number | null | undefined): Decimal | null =>
  share === null || share === undefined ? null : exact(share * 100);
const kwhOf = (wh: number | null | undefined): Decimal | null =>
  wh === null || wh === undefined ? null : exact(wh / 1_000);
const word = (value: boolean | null): string | null => (value === null ? null : value ? 'yes' : 'no');

type Part = Omit<FigureOfReport, 'formulas' | 'factor' | 'subject'>;
const all = (
  of: Pick<FigureOfReport, 'formulas' | 'factor' | 'subject'>,
  parts: readonly Part[],
): FigureOfReport[] => parts.map((part) => ({ ...of, ...part }));

const coverageParts = (figure: ReportFigure): Part[] => [
  { figure: 'audited', unit: figure.unit, value: figure.audited },
  { figure: 'total', unit: figure.unit, value: figure.total },
  { figure: 'coverage', unit: '%', value: figure.share_percent },
  { figure: 'reached', unit: '', value: word(figure.reachesThreshold) },
  { figure: 'estimated', unit: '%', value: percent(figure.estimatedShare) },
];

/** Shares of the account move with its rows. */
const onAccount: readonly FormulaName[] = ['measuredShare', 'auditCoverage'];

/** Every figure of a report that is computed. */
export function reportFigures(snapshot: AuditReportSnapshot): readonly FigureOfReport[] {
  const { coverage, guide, coverageRange: range, rows, measured, enpis } = snapshot;
  const opportunities = snapshot.dossier?.content.opportunities ?? [];
  const onRule = { formulas: ['auditCoverage'], factor: 'auditRule', subject: '' } as const;
  return [
    ...all(onRule, [
      ...coverageParts(coverage),
      { figure: 'lowest', unit: '%', value: range?.lowest_percent ?? null },
      { figure: 'highest', unit: '%', value: range?.highest_percent ?? null },
      { figure: 'verdict', unit: '', value: snapshot.verdict },
    ]),
    ...all(
      { formulas: ['auditCoverage'], factor: 'guideRule', subject: '' },
      coverageParts(guide).map((part) => ({ ...part, figure: `guide.${part.figure}` as ReportFigureName })),
    ),
    ...rows.flatMap((row) =>
      all({ ...onRule, subject: rowSubject(row) }, [
        { figure: 'rowEnergy', unit: 'kWh', value: row.energy_kwh },
        { figure: 'rowAmount', unit: row.amount?.currency ?? '', value: row.amount?.amount ?? null },
        { figure: 'rowShare', unit: '%', value: percent(row.share) },
      ]),
    ),
    ...all({ formulas: onAccount, factor: null, subject: '' }, [
      { figure: 'measuredShare', unit: '%', value: percent(measured.share) },
    ]),
    ...measured.sites.flatMap((site) =>
      all({ formulas: onAccount, factor: null, subject: site.siteName }, [
        { figure: 'siteAccount', unit: 'kWh', value: site.account_kwh },
        { figure: 'siteMetered', unit: 'kWh', value: site.metered_kwh },
        { figure: 'siteShare', unit: '%', value: percent(site.share) },
      ]),
    ),
    ...measured.uses.flatMap((use) =>
      all({ formulas: onAccount, factor: null, subject: use.use ?? '' }, [
        { figure: 'useMetered', unit: 'kWh', value: use.metered_kwh },
        { figure: 'useShare', unit: '%', value: percent(use.share) },
      ]),
    ),
    ...enpis.flatMap(({ siteName, name, savings }) =>
      all({ formulas: ['savings'], factor: null, subject: `${siteName} · ${name}` }, [
        { figure: 'actual', unit: 'kWh', value: kwhOf(savings.actual_wh) },
        { figure: 'expected', unit: 'kWh', value: kwhOf(savings.expected_wh) },
        { figure: 'saving', unit: 'kWh', value: kwhOf(savings.energy_wh.value) },
        { figure: 'savingHalfWidth', unit: 'kWh', value: kwhOf(savings.energy_wh.halfWidth) },
        { figure: 'savingShare', unit: '%', value: percent(savings.share.value) },
        { figure: 'savingCost', unit: savings.cost?.currency ?? '', value: savings.cost?.amount ?? null },
        { figure: 'savingVerdict', unit: '', value: savings.verdict },
      ]),
    ),
    ...opportunities.flatMap(({ title, currency }, i) => {
      const value = snapshot.investments?.[i];
      return all({ formulas: ['investment'], factor: null, subject: title }, [
        { figure: 'netPresentValue', unit: currency, value: exact(value?.netPresentValue) },
        { figure: 'netPresentValueHalf', unit: currency, value: exact(value?.netPresentValueAtHalfLife) },
        { figure: 'internalRate', unit: '%', value: exact(value?.internalRate_percent) },
        { figure: 'payback', unit: 'years', value: exact(value?.simplePayback_years) },
        { figure: 'discountedPayback', unit: 'years', value: exact(value?.discountedPayback_years) },
      ]);
    }),
  ];
}

const rowSubject = ({ siteName, name, carrier }: AuditReportSnapshot['rows'][number]): string =>
  [siteName !== null && !name.startsWith(siteName) ? siteName : '', name || carrier]
    .filter(Boolean)
    .join(' · ');

/** Figures one by one: those that are the same thing in the same place stand in the order of both lists. */
const keysOf = (figures: readonly FigureOfReport[]): readonly string[] => {
  const seen = new Map<string, number>();
  return figures.map(({ figure, subject }) => {
    const name = JSON.stringify([figure, subject]);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return `${name} ${count}`;
  });
};

/**
 * What two reports say otherwise, figure by figure, in the order of the newer one; a figure that only one of them has stands
 * against nothing.
 */
export function reportDifferences(
  before: AuditReportSnapshot,
  after: AuditReportSnapshot,
): { readonly differences: readonly ReportDifference[]; readonly unchanged: number } {
  const [old, now] = [reportFigures(before), reportFigures(after)];
  const [oldKeys, nowKeys] = [keysOf(old), keysOf(now)];
  const oldOf = new Map(oldKeys.map((key, i) => [key, old[i]]));
  const nowOf = new Map(nowKeys.map((key, i) => [key, now[i]]));
  let unchanged = 0;
  const differences: ReportDifference[] = [];
  for (const key of new Set([...nowKeys, ...oldKeys])) {
    const [a, b] = [oldOf.get(key), nowOf.get(key)];
    const one = b ?? a;
    if (!one) continue;
    const [from, to] = [a?.value ?? null, b?.value ?? null];
    if (from === to && (a?.unit ?? one.unit) === one.unit) {
      if (to !== null) unchanged++;
      continue;
    }
    const isNumber = one.unit !== '' && from !== null && to !== null;
    differences.push({
      figure: one.figure,
      subject: one.subject,
      unit: one.unit,
      before: from,
      after: to,
      difference: isNumber ? subtractDecimal(to, from) : null,
      formulas: one.formulas,
      factor: one.factor,
    });
  }
  return { differences, unchanged };
}
