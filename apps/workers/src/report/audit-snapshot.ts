import type {
  ComputedAudit,
  CoverageFigureView,
  DossierRecord,
  PhotoRecord,
  SignatureRecord,
  StoredEnb,
} from '@wattproof/database';
import {
  type AuditDossier,
  addQualityCounts,
  type CoverageFigure,
  emptyDossier,
  enbTerms,
  type FactorUse,
  type FormulaVersions,
  type Obligation,
  opportunityValue,
  type QualityCounts,
  qualityShares,
  versionChanges,
} from '@wattproof/energy';
import { figureId, receiptId } from '@wattproof/evidence/receipt';
import {
  type AuditReportSnapshot,
  type QualityShares,
  type ReportEnpi,
  type ReportEvent,
  type ReportFigure,
  type ReportObligation,
  type ReportReceipts,
  reportDifferences,
  snapshotFingerprint,
} from '@wattproof/report';
import type { PerformanceStatement } from '../performance/performance.ts';

/** An EnPI of the entity with its baseline and what was computed against it. */
export interface AuditEnpi {
  readonly id?: string;
  readonly name: string;
  readonly siteName: string;
  readonly version: number;
  readonly model: StoredEnb;
  readonly performance: PerformanceStatement;
  /** Of the energy of the reporting period. */
  readonly quality: QualityShares | null;
}

/** Figures of a report with the versions that they were computed with. */
export interface ReportFigures {
  readonly computed: ComputedAudit;
  readonly enpis: readonly AuditEnpi[];
  readonly formulas: FormulaVersions;
  readonly factors: readonly FactorUse[];
  /** SHA-256 of what they were computed from. */
  readonly groundSha256: string;
}

export interface SnapshotInput {
  readonly figures: ReportFigures;
  readonly events: readonly ReportEvent[];
  readonly obligations: readonly Obligation[];
  readonly dossier: Pick<DossierRecord, 'version' | 'content'>;
  readonly photos: readonly Pick<PhotoRecord, 'sha256' | 'section' | 'siteId' | 'caption' | 'takenOn'>[];
  readonly createdAt: Date;
  readonly createdBy: string;
}

const figure = (view: CoverageFigureView, exact: CoverageFigure | null, isKnown: boolean): ReportFigure => ({
  basis: view.basis,
  audited: view.audited,
  total: view.total,
  unit: view.unit,
  share_percent: exact && isKnown ? exact.share_percent : null,
  reachesThreshold: exact && isKnown ? exact.reachesThreshold : null,
  estimatedShare: view.estimatedShare,
});

const receiptsOf = (auditId: string): ReportReceipts => ({
  coverage: receiptId('auditCoverage', { auditId, basis: 'rule' }),
  guide: receiptId('auditCoverage', { auditId, basis: 'bill' }),
  measured: figureId(`audits/${auditId}`, 'measuredShare'),
});

const noCounts: QualityCounts = {
  n_measured: 0,
  n_interpolated: 0,
  n_estimated: 0,
  n_manual: 0,
  n_missing: 0,
};

const enpi = ({ id, name, siteName, version, model, performance, quality }: AuditEnpi): ReportEnpi => ({
  name,
  siteName,
  baselineFrom: model.definition.baselineFrom,
  baselineTo: model.definition.baselineTo,
  version,
  terms: enbTerms(model).map(({ definition, base_c, value, standardError, p }) => ({
    name: definition?.name ?? 'intercept',
    base_c,
    value,
    standardError,
    p,
  })),
  statistics: {
    n: model.n,
    adjustedR2: model.adjustedR2,
    cvRmse: model.cvRmse,
    autocorrelation: model.autocorrelation,
  },
  savings: performance.savings,
  cusum: performance.days.flatMap((day) =>
    day.cusum_wh === null ? [] : [{ date: day.date, cusum_wh: day.cusum_wh, band_wh: day.cusumBand_wh }],
  ),
  findings: performance.findings,
  quality,
  ...(id === undefined ? {} : { receipt: receiptId('enpiSaving', { enpiId: id, of: 'energy' }) }),
});

const obligation = (one: Obligation): ReportObligation => ({
  ruleId: one.rule.id,
  standing: one.rule.standing,
  duty: one.rule.duty,
  outcome: one.outcome,
  isVerdict: one.isVerdict,
  verification: one.verification,
  reviewer: one.reviewer && { name: one.reviewer.name, date: one.reviewer.date },
  dueOn: one.due.dueOn,
  criteria: one.criteria,
  source: one.rule.trigger.source,
});

/** The data of a report, frozen: what is in here is all that the document says. */
export function auditSnapshot(input: SnapshotInput): AuditReportSnapshot {
  const { computed } = input.figures;
  const { audit } = computed;
  return {
    snapshotVersion: 1,
    createdAt: input.createdAt.toISOString(),
    createdBy: input.createdBy,
    organisationName: audit.organisationName,
    audit: {
      id: audit.id,
      name: audit.name,
      periodFrom: audit.periodFrom,
      periodTo: audit.periodTo,
      dueOn: audit.dueOn,
      auditorName: audit.auditorName,
      signedOn: null,
    },
    entity: {
      name: audit.legalEntityName,
      country: audit.country,
      registrationNumber: audit.registrationNumber,
    },
    sites: computed.sites.map(({ id, name, activity, floorArea_m2 }) => ({
      id,
      name,
      activity,
      floorArea_m2,
    })),
    months: computed.months,
    events: input.events,
    obligations: input.obligations.map(obligation),
    ...figuresPart(input.figures, input.dossier.content),
    dossier: { version: input.dossier.version, content: input.dossier.content },
    photos: input.photos.map(({ sha256, section, siteId, caption, takenOn }) => ({
      sha256,
      section,
      siteName: computed.sites.find(({ id }) => id === siteId)?.name ?? null,
      caption,
      takenOn,
    })),
  };
}

type FiguresPart = Pick<
  AuditReportSnapshot,
  | 'rule'
  | 'coverage'
  | 'guide'
  | 'verdict'
  | 'rows'
  | 'measured'
  | 'enpis'
  | 'findings'
  | 'coverageRange'
  | 'clusters'
  | 'uses'
  | 'formulas'
  | 'factors'
  | 'groundSha256'
  | 'investments'
  | 'receipts'
>;

/** What is computed in a report, and with what. */
function figuresPart(figures: ReportFigures, dossier: AuditDossier): FiguresPart {
  const { computed, enpis, formulas, factors, groundSha256 } = figures;
  const { rule, detail } = computed;
  const isKnown = detail !== null && detail.verdict.blocking.length === 0;
  return {
    formulas,
    factors,
    groundSha256,
    receipts: receiptsOf(computed.audit.id),
    investments: dossier.opportunities.map(opportunityValue),
    rule: {
      id: rule.id,
      basis: rule.basis,
      threshold: rule.threshold,
      obligedUnit: rule.obligedUnit,
      effectiveFrom: rule.effectiveFrom,
      effectiveTo: rule.effectiveTo,
      source: rule.source,
      verification: rule.verification,
      date: computed.ruleDate,
    },
    coverage: figure(computed.coverage, detail?.onRule ?? null, isKnown),
    guide: figure(computed.guide, detail?.onBill ?? null, isKnown),
    verdict: computed.verdict,
    rows: computed.rows.map(({ deliveryPointId: _, accountRowId: __, siteId: ___, cells, ...row }) => ({
      ...row,
      cells: cells.map(({ month, state }) => ({ month, state })),
    })),
    measured: {
      share: computed.measuredShare,
      quality: qualityShares(
        computed.measured.sites.reduce((counts, site) => addQualityCounts(counts, site.quality), noCounts),
      ),
      sites: computed.measured.sites.map(({ siteId: _, quality, ...site }) => ({
        ...site,
        quality: qualityShares(quality),
      })),
      uses: computed.measured.uses,
    },
    enpis: enpis.map(enpi),
    findings: computed.findings,
    ...(computed.coverage.range ? { coverageRange: computed.coverage.range } : {}),
    uses: (computed.account.uses ?? []).map(({ siteId, carrier, energyUse, share }) => ({
      siteName: computed.sites.find(({ id }) => id === siteId)?.name ?? '',
      carrier,
      energyUse,
      share,
    })),
    clusters: (detail?.clusters ?? []).map(({ cluster, required, audited, counts }) => ({
      name: cluster.name,
      justification: cluster.justification,
      sites: cluster.siteIds.length,
      required,
      audited,
      counts,
    })),
  };
}

/** A signed report that a re-issue takes its data from. */
export interface SignedReport {
  readonly documentId: string;
  readonly sha256: string;
  readonly signatureId: string;
  readonly snapshot: AuditReportSnapshot;
}

/**
 * A signed report computed again: same period, data and statements, other formulas. It is a draft until it is signed, and says
 * figure by figure what came out otherwise.
 */
export function reissuedSnapshot(
  signed: SignedReport,
  { figures, createdAt, createdBy }: Pick<SnapshotInput, 'figures' | 'createdAt' | 'createdBy'>,
): AuditReportSnapshot {
  const { signature, reissue: _, ...before } = signed.snapshot;
  const { coverageRange: __, ...kept } = before;
  const after: AuditReportSnapshot = {
    ...kept,
    createdAt: createdAt.toISOString(),
    createdBy,
    audit: { ...kept.audit, signedOn: null },
    ...figuresPart(figures, kept.dossier?.content ?? emptyDossier),
  };
  return {
    ...after,
    reissue: {
      documentId: signed.documentId,
      sha256: signed.sha256,
      fingerprint: snapshotFingerprint(signed.snapshot),
      signature: { id: signed.signatureId, name: signature?.name ?? '', at: signature?.at ?? '' },
      ...versionChanges(before, figures),
      ...reportDifferences(before, after),
    },
  };
}

/** The data of a signed report: that of the draft, and who signed it when. */
export function signedSnapshot(
  draft: AuditReportSnapshot,
  { signerName, signedAt, draftSha256 }: Pick<SignatureRecord, 'signerName' | 'signedAt' | 'draftSha256'>,
): AuditReportSnapshot {
  const at = signedAt.toISOString();
  return {
    ...draft,
    audit: { ...draft.audit, auditorName: signerName, signedOn: at.slice(0, 10) },
    signature: { name: signerName, at, draftSha256, draftFingerprint: snapshotFingerprint(draft) },
  };
}
