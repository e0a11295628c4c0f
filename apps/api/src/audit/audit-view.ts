import type { AuditDetail, AuditSummary } from '@wattproof/contracts/api';
import type { ComputedAudit } from '@wattproof/database';
import type { DocumentRow } from '@wattproof/database/queries';
import type { AuditRule, Locale } from '@wattproof/energy';

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
    coverage: { ...computed.coverage },
    guide: { ...computed.guide },
    verdict: computed.verdict,
    findings: findingsView(computed.findings),
    measuredShare: computed.measuredShare,
  };
}

export function auditDetailView(computed: ComputedAudit, documents: readonly DocumentRow[]): AuditDetail {
  return {
    ...auditSummaryView(computed),
    rows: computed.rows.map(({ kind: _kind, code: _code, source: _source, cells, amount, ...row }) => ({
      ...row,
      amount: amount && { ...amount },
      cells: cells.map((cell) => ({ ...cell, billIds: [...cell.billIds] })),
    })),
    months: [...computed.months],
    measured: {
      sites: computed.measured.sites.map(({ quality: _quality, ...site }) => site),
      uses: computed.measured.uses.map((use) => ({ ...use })),
    },
    documents: documents.map(({ createdAt, locale, ...document }) => ({
      ...document,
      locale: locale as Locale,
      createdAt: createdAt.toISOString(),
    })),
  };
}
