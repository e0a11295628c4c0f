/**
 * The bundle's spreadsheet: coverage and savings computed in front of the reader, by formulas over the bundle's own data. Bills,
 * days and coefficients stand as values, everything else as formulas. It follows from the data, so the verifier makes it anew.
 */
import {
  auditCoverage,
  type Carrier,
  type CoverageInput,
  coverageVersions,
  drawnFrom,
  effectiveUses,
  type VariableDefinition,
} from '@wattproof/energy';
import type { AccountFile, EnpiEntry } from './bundle-form.ts';
import { englishWords, type SpreadsheetWords } from './spreadsheet-words.ts';
import { type Cell, columnName, type Sheet, workbookBytes } from './workbook.ts';

const live = (formula: string): Cell => ({ formula });
const twoDecimals = (formula: string): Cell => ({ formula, format: 'twoDecimals' });
const day = (date: string): Cell => ({ date });
/** The sign with which a kind of row enters the account; what no rule names counts. */
const signOf = (taken: string | undefined): number => (taken === 'deduct' ? -1 : taken === 'ignore' ? 0 : 1);

/** First row of the table of bills, from 1; above it stand the rule, the period and the result. */
const firstBillRow = 12;

function coverageSheet({ input, stated, coverageVersion = 2 }: AccountFile, words: SpreadsheetWords): Sheet {
  const account = input as unknown as CoverageInput;
  const { rule, period } = account;
  const isBill = rule.basis === 'energyBill';
  const version = coverageVersions.find((one) => one === coverageVersion);
  const result = auditCoverage(account, version);
  // The first version knew no days of belonging.
  const belongs = version !== 1;
  const counted = new Set(
    result.ok
      ? result.lines.filter(({ included, clusterId }) => included || clusterId !== null).map(({ id }) => id)
      : [],
  );
  const points = new Map(account.points.map((point) => [point.id, point]));
  const isIn = (id: string): number => (counted.has(id) ? 1 : 0);
  const uses = effectiveUses(account.uses ?? []);
  /** What a use draws from: only a sheet with uses needs it. */
  const place = (siteId: string | null | undefined, carrier: Carrier | undefined): Cell[] =>
    uses.length === 0 ? [] : [siteId && carrier ? `${siteId} ${drawnFrom(carrier)}` : null];
  const bills = account.bills.map((bill, i): Cell[] => {
    const r = firstBillRow + i;
    const point = points.get(bill.deliveryPointId);
    return [
      bill.number,
      bill.deliveryPointId,
      day(bill.from),
      day(bill.to),
      belongs && point?.validFrom ? day(point.validFrom) : null,
      belongs && point?.validTo ? day(point.validTo) : null,
      Number(isBill ? bill.amount : bill.energy_kwh),
      signOf(rule.account.purchased),
      isIn(bill.deliveryPointId),
      live(`MAX(0,MIN(D${r},$B$3,IF(F${r}="",$B$3,F${r}))-MAX(C${r},$B$2,E${r}))`),
      live(`G${r}*J${r}/(D${r}-C${r})*H${r}`),
      live(`K${r}*I${r}`),
      ...place(point?.siteId, point?.carrier),
    ];
  });
  const rows = (account.rows ?? []).map((row, i): Cell[] => {
    const r = firstBillRow + bills.length + i;
    return [
      words[`kind.${row.kind}`],
      row.id,
      null,
      null,
      null,
      null,
      isBill ? 0 : Number(row.energy_kwh),
      signOf(rule.account[row.kind]),
      isIn(row.id),
      null,
      live(`G${r}*H${r}`),
      live(`K${r}*I${r}`),
      ...place(row.siteId, row.carrier),
    ];
  });
  const last = firstBillRow + bills.length + rows.length - 1;
  const range = (column: string): string => `${column}${firstBillRow}:${column}${last}`;
  const audited = uses.map((use): Cell[] => [
    `${words.use}: ${words[`use.${use.energyUse}`]}`,
    null,
    null,
    null,
    null,
    null,
    // Its measured share of what its site draws and is not audited.
    Number(use.share),
    null,
    null,
    null,
    null,
    live(
      `${Number(use.share)}*SUMIFS(${range('K')},${range('M')},"${use.siteId} ${use.carrier}",${range('I')},0,${range('H')},1)`,
    ),
  ]);
  const inScope = `L${firstBillRow}:L${last + audited.length}`;
  return {
    name: words.coverage,
    heads: 1,
    rows: [
      [`${words.byRule} ${rule.id}`],
      [words.periodFrom, day(period.from)],
      [words.periodTo, day(period.to)],
      [words.unit, stated?.unit ?? (isBill ? '' : 'kWh')],
      [words.total, live(`SUM(${range('K')})`)],
      [words.inScope, live(`SUM(${inScope})`)],
      // Ten decimals take away what binary numbers add; the rule asks to cut off, never to round up.
      [words.share, twoDecimals('ROUNDDOWN(ROUND(100*B6/B5,10),2)')],
      [words.statedShare, stated ? Number(stated.share_percent) : null],
      [words.difference, live('B7-B8')],
      [],
      [
        words.row,
        words.point,
        words.from,
        words.to,
        words.pointFrom,
        words.pointTo,
        isBill ? words.amount : words.energy,
        words.sign,
        words.inScope,
        words.daysCounted,
        words.counted,
        words.countedInScope,
        ...(uses.length === 0 ? [] : [words.siteAndCarrier]),
      ],
      ...bills,
      ...rows,
      ...audited,
    ],
  };
}

/** First row of the table of days. */
const firstDayRow = 15;

const dailyKinds = ['given', 'temperature', 'heating', 'cooling', 'heatingPoint', 'coolingPoint'] as const;
type DailyVariable = Extract<VariableDefinition, { readonly kind: (typeof dailyKinds)[number] }>;

/** Whether days are all that a model needs; those of hours need more than a bundle carries. */
export const isDailyModel = (variables: readonly VariableDefinition[]): boolean =>
  variables.every(({ kind }) => dailyKinds.some((daily) => daily === kind));

/** A variable of the model as a formula over its cell and its base. */
function termOf(variable: DailyVariable, cell: string, base: string): string {
  switch (variable.kind) {
    case 'given':
    case 'temperature':
      return cell;
    case 'heating':
      return `MAX(0,${base}-${cell})`;
    case 'cooling':
      return `MAX(0,${cell}-${base})`;
    case 'heatingPoint':
      return `IF(${cell}<${base},${variable.slope},0)`;
    case 'coolingPoint':
      return `IF(${cell}>${base},${-variable.slope},0)`;
  }
}

function enpiSheet(enpi: EnpiEntry, words: SpreadsheetWords): Sheet {
  const model = enpi.model as unknown as {
    readonly hasIntercept?: false;
    readonly variables: readonly DailyVariable[];
    readonly coefficients: readonly { readonly name: string; readonly value: number }[];
  };
  const hasIntercept = model.hasIntercept !== false;
  const first = hasIntercept ? 1 : 0;
  // Column B has the intercept; each variable has a column from C on, with coefficient and base above its values.
  const columns = model.variables.map((_, i) => columnName(2 + i));
  const after = 2 + model.variables.length;
  const [adjusted, known, expected, difference] = [0, 1, 2, 3].map((n) => columnName(after + n)) as [
    string,
    string,
    string,
    string,
  ];
  const days = enpi.days
    .filter(({ date }) => date >= enpi.reporting.from && date < enpi.reporting.to)
    .map((one, i): Cell[] => {
      const r = firstDayRow + i;
      const cells = columns.map((column) => `${column}${r}`);
      const terms = model.variables.map(
        (variable, k) => `${columns[k]}$11*${termOf(variable, cells[k] ?? '', `${columns[k]}$12`)}`,
      );
      const added = enpi.adjustments
        .filter(({ from, to }) => one.date >= from && (to === null || one.date < to))
        .reduce((sum, { energy_wh_per_day }) => sum + energy_wh_per_day, 0);
      return [
        day(one.date),
        one.actual_wh,
        ...model.variables.map((variable) =>
          variable.kind === 'given' ? (one.given[variable.name] ?? null) : one.temperature_c,
        ),
        added,
        live(`IF(AND(${[`B${r}`, ...cells].map((cell) => `ISNUMBER(${cell})`).join(',')}),1,0)`),
        live(
          `IF(${known}${r}=1,${[...(hasIntercept ? ['B$11'] : []), ...terms].join('+')}+${adjusted}${r},0)`,
        ),
        live(`IF(${known}${r}=1,${expected}${r}-B${r},0)`),
      ];
    });
  const last = firstDayRow + days.length - 1;
  const sum = (column: string): string => `SUM(${column}${firstDayRow}:${column}${last})`;
  return {
    name: enpi.name,
    heads: 1,
    rows: [
      [`${enpi.name}, ${words.baselineVersion} ${enpi.version}`],
      [words.reportingFrom, day(enpi.reporting.from)],
      [words.reportingTo, day(enpi.reporting.to)],
      [words.knownDays, live(sum(known))],
      [words.expected, live(sum(expected))],
      [words.saving, live(sum(difference))],
      [words.statedSaving, enpi.stated.savings_wh],
      [words.difference, live('B6-B7')],
      [words.savingShare, twoDecimals('100*B6/B5')],
      [],
      [
        words.coefficient,
        hasIntercept ? (model.coefficients[0]?.value ?? 0) : null,
        ...model.variables.map((_, i) => model.coefficients[first + i]?.value ?? 0),
      ],
      [words.baseTemperature, null, ...model.variables.map((v) => ('base_c' in v ? v.base_c : null))],
      [],
      [
        words.date,
        words.actual,
        ...model.variables.map(({ kind, name }) => (kind === 'given' ? name : words.temperature)),
        words.adjustments,
        words.known,
        words.expected,
        words.saving,
      ],
      ...days,
    ],
  };
}

/** The spreadsheet of a bundle, from its account and its EnPIs, in the words that the account brings. */
export function spreadsheetBytes(account: AccountFile, enpis: readonly EnpiEntry[]): Uint8Array {
  const words: SpreadsheetWords = { ...englishWords, ...account.words };
  return workbookBytes([coverageSheet(account, words), ...enpis.map((enpi) => enpiSheet(enpi, words))]);
}
