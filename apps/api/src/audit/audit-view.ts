import type { AuditDetail, AuditSummary } from '@wattproof/contracts/api';
import type { ComputedAudit } from '@wattproof/database';
import type { DocumentRow } from '@wattproof/database/queries';
import { type AuditRule, isChanged, type Locale } from '@wattproof/energy';
import { changesOf, changesView } from './report-change.ts';

const basisTitles: Readonly<Record<AuditRule['basis'], string>> = {
  finalEnergy: 'final energy',
  totalEnergy: 'total energy',
  energyBill: 'the energy bill',
};

function ruleView(rule: AuditRule): AuditSummary['rule'] {
  const { id, country, basis, threshold, obligedUnit, effectiveFrom, effectiveTo, source, verification } =
    rule;
  return {
    id,
    country,
    title: `At least ${Number(threshold) * 100} % of ${basisTitles[basis]}`,
    basis,
    threshold,
    obligedUnit,
    effectiveFrom,
    effectiveTo,
    source,
    verification,
  };
}

const findingsView = (findings: ComputedAudit['findings']): AuditSummary['findings'] =>
  findings.map(({ code, message, data }) => ({ code, message, ...(data ? { data: { ...data } } : {}) }));

const figureView = (figure: ComputedAudit['coverage']): AuditSummary['coverage'] => ({
  ...figure,
  range: figure.range && { ...figure.range },
});

export function auditSummaryView(computed: ComputedAudit): AuditSummary {
  const { audit } = computed;
  return {
    id: audit.id,
    name: audit.name,
    legalEntityId: audit.legalEntityId,
    legalEntityName: audit.legalEntityName,
    country: audit.country,
    periodFrom: audit.periodFrom,
    periodTo: audit.periodTo,
    dueOn: audit.dueOn,
    auditorName: audit.auditorName,
    rule: ruleView(computed.rule),
    coverage: figureView(computed.coverage),
    guide: figureView(computed.guide),
    verdict: computed.verdict,
    findings: findingsView(computed.findings),
    measuredShare: computed.measuredShare,
  };
}

export function auditDetailView(computed: ComputedAudit, documents: readonly DocumentRow[]): AuditDetail {
  return {
    ...auditSummaryView(computed),
    rows: computed.rows.map(({ code: _code, clusterId, cells, amount, ...row }) => ({
      deliveryPointId: row.deliveryPointId,
      accountRowId: row.accountRowId,
      kind: row.kind,
      counts: computed.rule.account[row.kind],
      name: row.name,
      source: row.source,
      siteId: row.siteId,
      siteName: row.siteName,
      carrier: row.carrier,
      energyUse: row.energyUse,
      energy_kwh: row.energy_kwh,
      estimated: row.estimated,
      calorificBasis: row.calorificBasis,
      included: row.included,
      bySample: clusterId !== null,
      reason: row.reason,
      share: row.share,
      amount: amount && { ...amount },
      cells: cells.map((cell) => ({ ...cell, billIds: [...cell.billIds] })),
    })),
    months: [...computed.months],
    clusters: (computed.detail?.clusters ?? []).map(({ cluster, required, audited, counts, finding }) => ({
      id: cluster.id,
      name: cluster.name,
      justification: cluster.justification,
      statedSize: cluster.statedSize,
      siteIds: [...cluster.siteIds],
      required,
      audited,
      counts,
      finding: finding && { ...finding, data: { ...finding.data } },
    })),
    uses: (computed.account.uses ?? []).map(({ limit_percent: _limit, ...use }) => ({
      ...use,
      siteName: computed.sites.find(({ id }) => id === use.siteId)?.name ?? '',
    })),
    measured: {
      sites: computed.measured.sites.map(({ quality: _quality, ...site }) => site),
      uses: computed.measured.uses.map((use) => ({ ...use })),
    },
    documents: documents.map(documentView),
  };
}

function documentView({
  createdAt,
  locale,
  signedBy,
  signedAt,
  groundSha256,
  replacedBy,
  replacedAt,
  used,
  ...document
}: DocumentRow): AuditDetail['documents'][number] {
  const isSigned = signedBy !== null && signedAt !== null;
  // What was replaced is answered by its successor; of a draft nobody has to be told: it is made again.
  const changes = changesOf(isSigned && replacedBy === null ? used : null);
  return {
    ...document,
    locale: locale as Locale,
    createdAt: createdAt.toISOString(),
    signature: isSigned ? { name: signedBy, at: signedAt.toISOString() } : null,
    changes: changesView(changes),
    canReissue: isChanged(changes) && groundSha256 !== null,
    replacedBy:
      replacedBy !== null && replacedAt ? { documentId: replacedBy, at: replacedAt.toISOString() } : null,
  };
}
