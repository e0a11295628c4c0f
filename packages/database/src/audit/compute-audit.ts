import {
  type AccountRow,
  type AuditRule,
  auditCoverage,
  billingMatrix,
  type Coverage,
  type CoverageFigure,
  chain_percent,
  commonDays,
  type DateRange,
  type Decimal,
  divideDecimal,
  type Finding,
  guideRule,
  multiplyDecimal,
  ruleInForce,
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
  accountRows,
  auditClusters,
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

/**
 * The energy account, the audit coverage on the rule in force and on the guide's basis, and the measured share of one
 * audit. The client's transaction has the organisation in scope. Null where there is no such audit in it, or where no
 * rule is recorded for its country and date.
 */
export async function computeAudit(client: ClientBase, auditId: string): Promise<ComputedAudit | null> {
  const audit = await findAudit(client, auditId);
  if (!audit) return null;
  const ruleDate = audit.dueOn ?? audit.periodTo;
  const rule = ruleInForce(audit.country, ruleDate);
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
  const meters = await auditMeters(
    client,
    sites.map((site) => site.id),
  );
  const totals = await totalsOf(client, { audit, sites, meters });
  const findings: Finding[] = rule.ok ? [] : [...rule.disqualifications];
  const includedSites = new Set(
    points.filter((p) => scope.some((s) => s.deliveryPointId === p.id && s.included)).map((p) => p.siteId),
  );
  const within = records.filter((record) => daysOf(record, period) > 0);
  const rows: AccountRow[] = [];
  for (const record of within) {
    const energy = await rowEnergy(client, record, { audit, sites, totals });
    rows.push(accountRow(record, { energy, includedSites, findings }));
  }
  const applied = rule.ok ? rule.rule : guideRule;
  const reviewer = await ruleReviewer(client, audit.organisationId, applied.id);
  const account = { rule: applied, period, points, bills, rows, scope, clusters, reviewer };
  const result = auditCoverage(account);
  findings.push(...(result.ok ? result.findings : result.disqualifications));
  const detail = result.ok ? result : null;
  const lines = auditRows({ audit, sites, points, bills, records: within, rows, detail, rule: applied });
  const measured = measuredOf({ sites, meters, totals, points, bills, rows: lines });
  return {
    audit,
    account,
    rule: applied,
    ruleDate,
    sites,
    coverage: figureView(applied, detail?.onRule ?? null, detail),
    guide: figureView(guideRule, detail?.onBill ?? null, detail),
    verdict: rule.ok ? verdictOf(detail) : 'insufficientData',
    detail,
    findings: [...findings, ...measured.measured.byCarrier.findings],
    months: monthsOf(audit.periodFrom, audit.periodTo),
    rows: lines,
    ...measured,
  };
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
async function rowEnergy(
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
): Promise<RowEnergy> {
  const period = { from: audit.periodFrom, to: audit.periodTo };
  const range = rangeOf(record, period);
  if (record.energy_kwh !== null && record.validFrom !== null && record.validTo !== null) {
    const all = { from: record.validFrom, to: record.validTo };
    return { energy_kwh: partByDays(record.energy_kwh, all, range), isWhole: true };
  }
  if (record.meterId === null) return { energy_kwh: '0.000', isWhole: false };
  const known = totals.get(record.meterId);
  const site = sites.find(({ id }) => id === record.siteId);
  const isWholePeriod =
    range.from === period.from && range.to === period.to && !site?.ownedFrom && !site?.ownedTo;
  const total = known && isWholePeriod ? known : await totalOfMeter(client, record.meterId, { range, sites });
  return {
    energy_kwh: divideDecimal(String(Math.max(0, total?.delta ?? 0)), '1000', {
      digits: 3,
      rounding: 'halfEven',
    }),
    isWhole: total !== undefined && total.delta !== null && total.n_missing === 0,
  };
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
