import {
  type AccountRow,
  type AuditedUse,
  type AuditRule,
  auditCoverage,
  billingMatrix,
  type Coverage,
  type CoverageFigure,
  type CoverageInput,
  type CoverageVersion,
  chain_percent,
  commonDays,
  type DateRange,
  type Decimal,
  divideDecimal,
  type Finding,
  guideRule,
  type LocalDate,
  multiplyDecimal,
  ruleInForce,
  runningCoverage,
  type ScopeEntry,
  type SiteCluster,
  standingBills,
} from '@wattproof/energy';
import type { ClientBase } from 'pg';
import {
  type AccountRowRecord,
  type AuditBill,
  type AuditMeter,
  type AuditPoint,
  type AuditRecord,
  type AuditSite,
  type AuditUseRecord,
  accountRows,
  auditClusters,
  auditedUses,
  auditMeter,
  auditMeters,
  auditScope,
  auditSites,
  entityBills,
  entityPoints,
  findAudit,
  type MeterTotal,
  meterTotals,
  ruleReviewer,
} from './audit.queries.ts';
import { billCells, monthsOf } from './bill-cells.ts';
import type { AuditRow, AuditVerdict, ComputedAudit, CoverageFigureView } from './computed-audit.ts';
import { measuredOf } from './measured.ts';

/** Everything that an audit is computed from, as plain data: kept beside a report, it can be computed again. */
export interface AuditGround {
  readonly audit: AuditRecord;
  readonly sites: readonly AuditSite[];
  readonly points: readonly AuditPoint[];
  readonly bills: readonly AuditBill[];
  readonly scope: readonly ScopeEntry[];
  readonly records: readonly AccountRowRecord[];
  readonly clusters: readonly SiteCluster[];
  readonly uses: readonly AuditUseRecord[];
  readonly meters: readonly AuditMeter[];
  /** Of `meters` over the period. */
  readonly totals: readonly MeterTotal[];
  /** Of the meter of a record over the record's days. */
  readonly recordTotals: readonly { readonly recordId: string; readonly total: MeterTotal }[];
  /** Who answered for the rule, by its id. */
  readonly reviewer: {
    readonly ruleId: string;
    readonly name: string;
    readonly date: LocalDate;
  } | null;
}

/** Date for which the rule of an audit is looked up. */
export const ruleDateOf = ({ dueOn, periodTo }: Pick<AuditRecord, 'dueOn' | 'periodTo'>): LocalDate =>
  dueOn ?? periodTo;

/**
 * The energy account, the audit coverage on the rule in force and on the guide's basis, and the measured share of one
 * audit. The client's transaction has the organisation in scope. Null where there is no such audit in it, or where no
 * rule is recorded for its country and date.
 */
export async function computeAudit(client: ClientBase, auditId: string): Promise<ComputedAudit | null> {
  const ground = await readAuditGround(client, auditId);
  return ground && computedAudit(ground);
}

/** Reads what an audit is computed from; null where there is no such audit. */
export async function readAuditGround(client: ClientBase, auditId: string): Promise<AuditGround | null> {
  const audit = await findAudit(client, auditId);
  if (!audit) return null;
  const period = { from: audit.periodFrom, to: audit.periodTo };
  const sites = await auditSites(client, audit.legalEntityId, period);
  const points = await entityPoints(client, { legalEntityId: audit.legalEntityId, ...period });
  const bills = await entityBills(
    client,
    points.map((point) => point.id),
    period,
  );
  const scope = await auditScope(client, auditId);
  const records = await accountRows(client, audit.legalEntityId);
  const clusters = await auditClusters(client, auditId);
  const uses = await auditedUses(client, auditId);
  const meters = await auditMeters(
    client,
    sites.map((site) => site.id),
  );
  const totals = await totalsOf(client, { audit, sites, meters });
  const recordTotals: AuditGround['recordTotals'][number][] = [];
  for (const record of records) {
    const total =
      daysOf(record, period) > 0 && (await totalOfRecord(client, record, { audit, sites, totals }));
    if (total) recordTotals.push({ recordId: record.id, total });
  }
  const { id: ruleId } = appliedRule(audit).rule;
  const reviewer = await ruleReviewer(client, audit.organisationId, ruleId);
  return {
    audit,
    sites,
    points,
    bills,
    scope,
    records,
    clusters,
    uses,
    meters,
    totals: [...totals.values()],
    recordTotals,
    reviewer: reviewer && { ruleId, ...reviewer },
  };
}

/** The rule in force; where none is recorded the guide's stands in, and `findings` say so. */
function appliedRule(audit: AuditRecord): {
  readonly rule: AuditRule;
  readonly findings: readonly Finding[];
} {
  const found = ruleInForce(audit.country, ruleDateOf(audit));
  return found.ok
    ? { rule: found.rule, findings: [] }
    : { rule: guideRule, findings: found.disqualifications };
}

/**
 * An audit from what it is computed from. The same ground gives the same figures, at any time, by the same formulas.
 * @param version of the coverage's formula.
 */
export function computedAudit(
  ground: AuditGround,
  version: CoverageVersion = runningCoverage,
): ComputedAudit {
  const { audit, sites, points, bills, scope, clusters, meters } = ground;
  const { rule, findings: missingRule } = appliedRule(audit);
  const findings: Finding[] = [...missingRule];
  const totals = new Map(ground.totals.map((total) => [total.meterId, total]));
  const recordTotals = new Map(ground.recordTotals.map(({ recordId, total }) => [recordId, total]));
  const period = { from: audit.periodFrom, to: audit.periodTo };
  const includedSites = new Set(
    points.filter((p) => scope.some((s) => s.deliveryPointId === p.id && s.included)).map((p) => p.siteId),
  );
  const within = ground.records.filter((record) => daysOf(record, period) > 0);
  const rows = within.map((record) =>
    accountRow(record, {
      energy: rowEnergy(record, { period, total: recordTotals.get(record.id) }),
      includedSites,
      findings,
    }),
  );
  const { reviewer: answering } = ground;
  const reviewer = answering?.ruleId === rule.id ? { name: answering.name, date: answering.date } : null;
  const whole = { rule, period, points, bills, rows, scope, clusters, reviewer };
  const resultOf = (input: CoverageInput) => {
    const result = auditCoverage(input, version);
    const detail = result.ok ? result : null;
    const lines = auditRows({ audit, sites, points, bills, records: within, rows, detail, rule });
    return { result, detail, lines };
  };
  // What meters see of a site stands against its account, whatever of it is audited.
  const measured = measuredOf({ sites, meters, totals, points, bills, rows: resultOf(whole).lines });
  const uses = ground.uses.flatMap((use) => auditedUse(use, { meters, measured }));
  const account: CoverageInput = uses.length === 0 ? whole : { ...whole, uses };
  const { result, detail, lines } = resultOf(account);
  findings.push(...(result.ok ? result.findings : result.disqualifications));
  return {
    audit,
    account,
    coverageVersion: version,
    rule,
    ruleDate: ruleDateOf(audit),
    sites,
    coverage: figureView(rule, detail?.onRule ?? null, detail),
    guide: figureView(guideRule, detail?.onBill ?? null, detail),
    verdict: missingRule.length === 0 ? verdictOf(detail) : 'insufficientData',
    detail,
    findings: [...findings, ...measured.measured.byCarrier.findings],
    months: monthsOf(audit.periodFrom, audit.periodTo),
    rows: lines,
    ...measured,
  };
}

/** Digits of a share, cut off. */
const shareDigits = 6;

/** A share as a decimal that never says more than was measured. */
export const cutShare = (share: number): Decimal =>
  (Math.floor(Math.min(1, share) * 10 ** shareDigits) / 10 ** shareDigits).toFixed(shareDigits);

/** An audited use as the coverage takes it; none where no meter sees it. */
function auditedUse(
  { siteId, carrier, energyUse }: AuditUseRecord,
  {
    meters,
    measured,
  }: { readonly meters: readonly AuditMeter[]; readonly measured: Pick<ComputedAudit, 'measured'> },
): AuditedUse[] {
  const seen = measured.measured.byCarrier.rows
    .find((row) => row.siteId === siteId && row.carrier === carrier)
    ?.uses.find((use) => use.energyUse === energyUse);
  if (!seen?.share || seen.share <= 0) return [];
  const limits = meters
    .filter((one) => one.siteId === siteId && one.carrier === carrier && one.energyUse === energyUse)
    .flatMap(({ accuracy }) => (accuracy && accuracy.length > 0 ? [chain_percent(accuracy)] : []));
  return [
    {
      siteId,
      carrier,
      energyUse,
      share: cutShare(seen.share),
      limit_percent: limits.length > 0 ? Math.max(...limits).toFixed(4) : null,
    },
  ];
}

/** Totals over the period, by the local days of each meter's site on which the site was the entity's. */
async function totalsOf(
  client: ClientBase,
  {
    audit,
    sites,
    meters,
  }: {
    readonly audit: AuditRecord;
    readonly sites: readonly AuditSite[];
    readonly meters: readonly AuditMeter[];
  },
): Promise<ReadonlyMap<number, MeterTotal>> {
  const period = { from: audit.periodFrom, to: audit.periodTo };
  const rangeOfSite = ({ ownedFrom, ownedTo }: AuditSite): DateRange =>
    rangeOf({ validFrom: ownedFrom, validTo: ownedTo }, period);
  const all = new Map<number, MeterTotal>();
  const groups = Map.groupBy(sites, (site) => {
    const { from, to } = rangeOfSite(site);
    return `${site.timeZone} ${from} ${to}`;
  });
  for (const together of groups.values()) {
    const [first] = together;
    if (!first) continue;
    const ids = new Set(together.map((site) => site.id));
    const own = meters.filter((meter) => ids.has(meter.siteId));
    const totals = await meterTotals(client, own, { ...rangeOfSite(first), timeZone: first.timeZone });
    for (const [meterId, total] of totals) all.set(meterId, total);
  }
  return all;
}

interface RowContext {
  readonly energy: RowEnergy;
  readonly includedSites: ReadonlySet<string | null>;
  readonly findings: Finding[];
}

interface RowEnergy {
  readonly energy_kwh: Decimal;
  readonly isWhole: boolean;
}

type Dated = Pick<AccountRowRecord, 'validFrom' | 'validTo'>;

const rangeOf = ({ validFrom, validTo }: Dated, period: DateRange): DateRange => ({
  from: validFrom !== null && validFrom > period.from ? validFrom : period.from,
  to: validTo !== null && validTo < period.to ? validTo : period.to,
});

const daysOf = (record: Dated, period: DateRange): number => commonDays(rangeOf(record, period), period);

/** Energy of a row within the period: of its meter over the row's days, or the document's share of days. */
function rowEnergy(
  record: AccountRowRecord,
  { period, total }: { readonly period: DateRange; readonly total: MeterTotal | undefined },
): RowEnergy {
  if (record.energy_kwh !== null && record.validFrom !== null && record.validTo !== null) {
    const all = { from: record.validFrom, to: record.validTo };
    return { energy_kwh: partByDays(record.energy_kwh, all, rangeOf(record, period)), isWhole: true };
  }
  if (record.meterId === null) return { energy_kwh: '0.000', isWhole: false };
  return {
    energy_kwh: divideDecimal(String(Math.max(0, total?.delta ?? 0)), '1000', {
      digits: 3,
      rounding: 'halfEven',
    }),
    isWhole: total !== undefined && total.delta !== null && total.n_missing === 0,
  };
}

/** What the meter of a record counted over the record's days; null where it has none, or nothing is known. */
async function totalOfRecord(
  client: ClientBase,
  record: AccountRowRecord,
  {
    audit,
    sites,
    totals,
  }: {
    readonly audit: AuditRecord;
    readonly sites: readonly AuditSite[];
    readonly totals: ReadonlyMap<number, MeterTotal>;
  },
): Promise<MeterTotal | null> {
  if (record.meterId === null) return null;
  const period = { from: audit.periodFrom, to: audit.periodTo };
  const range = rangeOf(record, period);
  const known = totals.get(record.meterId);
  const site = sites.find(({ id }) => id === record.siteId);
  const isWholePeriod =
    range.from === period.from && range.to === period.to && !site?.ownedFrom && !site?.ownedTo;
  if (known && isWholePeriod) return known;
  return (await totalOfMeter(client, record.meterId, { range, sites })) ?? null;
}

const partByDays = (energy_kwh: Decimal, all: DateRange, range: DateRange): Decimal =>
  divideDecimal(multiplyDecimal(energy_kwh, String(commonDays(all, range))), String(commonDays(all, all)), {
    digits: 3,
    rounding: 'halfEven',
  });

/** A meter that may stand at a site of another entity (energy received), over its own site's days. */
async function totalOfMeter(
  client: ClientBase,
  meterId: number,
  { range, sites }: { readonly range: DateRange; readonly sites: readonly AuditSite[] },
): Promise<MeterTotal | undefined> {
  const meter = await auditMeter(client, meterId);
  if (!meter) return undefined;
  const timeZone = sites.find((site) => site.id === meter.siteId)?.timeZone ?? meter.timeZone;
  return (await meterTotals(client, [meter], { ...range, timeZone })).get(meterId);
}

/** A row of the account as the coverage takes it. It is audited where its site is; without a site it is not. */
function accountRow(record: AccountRowRecord, { energy, includedSites, findings }: RowContext): AccountRow {
  if (!energy.isWhole)
    findings.push({
      code: 'accountRowIncomplete',
      message: 'The meter of a row of the energy account does not know the whole period',
      data: { accountRowId: record.id, meterId: record.meterId },
    });
  const included = record.siteId !== null && includedSites.has(record.siteId);
  return {
    id: record.id,
    kind: record.kind,
    carrier: record.carrier,
    siteId: record.siteId,
    energy_kwh: energy.energy_kwh,
    calorificBasis: record.calorificBasis,
    limit_percent: record.limit_percent ?? limitOf(record.accuracy),
    included,
    reason: included ? '' : record.reason,
  };
}

/** Limit of the meter's chain in percent; null where no part of it is stated. */
const limitOf = (accuracy: AccountRowRecord['accuracy']): Decimal | null =>
  accuracy && accuracy.length > 0 ? chain_percent(accuracy).toFixed(4) : null;

interface LineInput {
  readonly audit: AuditRecord;
  readonly sites: readonly AuditSite[];
  readonly points: readonly AuditPoint[];
  readonly bills: readonly AuditBill[];
  readonly records: readonly AccountRowRecord[];
  readonly rows: readonly AccountRow[];
  readonly detail: Coverage | null;
  readonly rule: AuditRule;
}

function auditRows({ audit, sites, points, bills, records, detail, rule, ...input }: LineInput): AuditRow[] {
  const siteNames = new Map(sites.map((site) => [site.id, site.name]));
  const siteName = (id: string | null): string | null => (id === null ? null : (siteNames.get(id) ?? null));
  const matrix =
    detail?.matrix ??
    billingMatrix(points, standingBills(bills), { from: audit.periodFrom, to: audit.periodTo });
  const lineOf = new Map(detail?.lines.map((line) => [line.id, line]));
  const shareOf = (quantity: Decimal, kind: keyof AuditRule['account']): number | null => {
    const total = Number(detail?.onRule.total ?? 0);
    if (rule.account[kind] === 'ignore' || !(total > 0)) return null;
    return ((rule.account[kind] === 'deduct' ? -1 : 1) * Number(quantity)) / total;
  };
  const isBill = rule.basis === 'energyBill';
  const purchased = points.map((point): AuditRow => {
    const own = bills.filter((bill) => bill.deliveryPointId === point.id);
    const line = lineOf.get(point.id);
    return {
      deliveryPointId: point.id,
      accountRowId: null,
      kind: 'purchased',
      name: point.name,
      code: point.code,
      siteId: point.siteId,
      siteName: siteName(point.siteId),
      carrier: point.carrier,
      energyUse: point.energyUse,
      energy_kwh: line?.energy_kwh ?? '0.000',
      amount: own[0] ? { amount: line?.amount ?? '0.00', currency: own[0].currency } : null,
      estimated: own.some((bill) => bill.estimated),
      calorificBasis: own[0]?.calorificBasis ?? 'none',
      included: line?.included ?? false,
      reason: line?.reason ?? '',
      clusterId: line?.clusterId ?? null,
      limit_percent: null,
      counterpartName: null,
      source: '',
      share: line ? shareOf(isBill ? (line.amount ?? '0') : line.energy_kwh, 'purchased') : null,
      cells: billCells(point, { bills, matrix, audit }),
    };
  });
  const others = input.rows.map((row, i): AuditRow => {
    const record = records[i];
    return {
      deliveryPointId: null,
      accountRowId: row.id,
      kind: row.kind,
      name: record?.source ?? '',
      code: '',
      siteId: row.siteId,
      siteName: siteName(row.siteId),
      carrier: row.carrier,
      energyUse: null,
      energy_kwh: row.energy_kwh,
      amount: null,
      estimated: false,
      calorificBasis: row.calorificBasis,
      included: row.included,
      reason: record?.reason ?? '',
      clusterId: lineOf.get(row.id)?.clusterId ?? null,
      limit_percent: row.limit_percent,
      counterpartName: record?.counterpartName ?? null,
      source: record?.source ?? '',
      share: isBill ? null : shareOf(row.energy_kwh, row.kind),
      cells: [],
    };
  });
  return [...purchased, ...others];
}

function figureView(
  rule: AuditRule,
  figure: CoverageFigure | null,
  detail: Coverage | null,
): CoverageFigureView {
  const isKnown = detail !== null && detail.verdict.blocking.length === 0;
  const total = Number(figure?.total ?? 0);
  return {
    basis: rule.basis,
    audited: figure?.inScope ?? '0',
    total: figure?.total ?? '0',
    unit: figure?.unit ?? (rule.basis === 'energyBill' ? '' : 'kWh'),
    share: figure && isKnown && total > 0 ? Number(figure.inScope) / total : null,
    estimatedShare: Number(figure?.estimated_percent ?? 0) / 100,
    range: isKnown ? (figure?.range ?? null) : null,
  };
}

function verdictOf(detail: Coverage | null): AuditVerdict {
  if (!detail || detail.verdict.outcome === 'insufficientData') return 'insufficientData';
  return detail.verdict.isPrintable ? detail.verdict.outcome : 'unverifiedRule';
}
