import {
  type AccountRow,
  type AuditRule,
  auditCoverage,
  billingMatrix,
  type Coverage,
  type CoverageFigure,
  type Decimal,
  divideDecimal,
  type Finding,
  guideRule,
  ruleInForce,
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
  auditBills,
  auditMeters,
  auditPoints,
  auditScope,
  auditSites,
  findAudit,
  type MeterTotal,
  meterTotals,
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
  const sites = await auditSites(client, audit.legalEntityId);
  const points = await auditPoints(client, audit);
  const bills = await auditBills(
    client,
    points.map((point) => point.id),
    audit,
  );
  const scope = await auditScope(client, auditId);
  const records = await accountRows(client, audit.legalEntityId);
  const meters = await auditMeters(
    client,
    sites.map((site) => site.id),
  );
  const totals = await totalsOf(client, { audit, sites, meters });
  const findings: Finding[] = rule.ok ? [] : [...rule.disqualifications];
  const includedSites = new Set(
    points.filter((p) => scope.some((s) => s.deliveryPointId === p.id && s.included)).map((p) => p.siteId),
  );
  const rows = records.map((record) => accountRow(record, { totals, includedSites, findings }));
  const applied = rule.ok ? rule.rule : guideRule;
  const account = {
    rule: applied,
    period: { from: audit.periodFrom, to: audit.periodTo },
    points,
    bills,
    rows,
    scope,
  };
  const result = auditCoverage(account);
  findings.push(...(result.ok ? result.findings : result.disqualifications));
  const detail = result.ok ? result : null;
  const lines = auditRows({ audit, sites, points, bills, records, rows, detail, rule: applied });
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

/** Totals over the period, by the local days of each meter's site. */
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
  const all = new Map<number, MeterTotal>();
  for (const [timeZone, inZone] of Map.groupBy(sites, (site) => site.timeZone)) {
    const ids = new Set(inZone.map((site) => site.id));
    const own = meters.filter((meter) => ids.has(meter.siteId));
    const totals = await meterTotals(client, own, { from: audit.periodFrom, to: audit.periodTo, timeZone });
    for (const [meterId, total] of totals) all.set(meterId, total);
  }
  return all;
}

interface RowContext {
  readonly totals: ReadonlyMap<number, MeterTotal>;
  readonly includedSites: ReadonlySet<string | null>;
  readonly findings: Finding[];
}

/** A row of the account with the energy of its meter. It is audited where its site is. */
function accountRow(record: AccountRowRecord, { totals, includedSites, findings }: RowContext): AccountRow {
  const total = record.meterId === null ? undefined : totals.get(record.meterId);
  if (!total || total.delta === null || total.n_missing > 0)
    findings.push({
      code: 'accountRowIncomplete',
      message: 'The meter of a row of the energy account does not know the whole period',
      data: { accountRowId: record.id, meterId: record.meterId, missing: total?.n_missing ?? null },
    });
  return {
    id: record.id,
    kind: record.kind,
    carrier: record.carrier,
    siteId: record.siteId,
    energy_kwh: divideDecimal(String(Math.max(0, total?.delta ?? 0)), '1000', {
      digits: 3,
      rounding: 'halfEven',
    }),
    calorificBasis: 'none',
    included: includedSites.has(record.siteId),
    reason: includedSites.has(record.siteId) ? '' : record.reason,
  };
}

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
    detail?.matrix ?? billingMatrix(points, bills, { from: audit.periodFrom, to: audit.periodTo });
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
  };
}

function verdictOf(detail: Coverage | null): AuditVerdict {
  if (!detail || detail.verdict.outcome === 'insufficientData') return 'insufficientData';
  return detail.verdict.isPrintable ? detail.verdict.outcome : 'unverifiedRule';
}
