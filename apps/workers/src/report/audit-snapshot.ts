import type {
  ComputedAudit,
  CoverageFigureView,
  DossierRecord,
  PhotoRecord,
  SignatureRecord,
  StoredEnb,
  StoredPerformance,
} from '@wattproof/database';
import { type CoverageFigure, enbTerms, type Obligation, qualityShares } from '@wattproof/energy';
import {
  type AuditReportSnapshot,
  type ReportEnpi,
  type ReportEvent,
  type ReportFigure,
  type ReportObligation,
  snapshotFingerprint,
} from '@wattproof/report';

/** An EnPI of the entity with its baseline and result in force. */
export interface AuditEnpi {
  readonly name: string;
  readonly siteName: string;
  readonly version: number;
  readonly model: StoredEnb;
  readonly performance: Pick<StoredPerformance, 'savings' | 'days' | 'findings'>;
}

export interface SnapshotInput {
  readonly computed: ComputedAudit;
  readonly enpis: readonly AuditEnpi[];
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

const enpi = ({ name, siteName, version, model, performance }: AuditEnpi): ReportEnpi => ({
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
  const { computed } = input;
  const { audit, rule, detail } = computed;
  const isKnown = detail !== null && detail.verdict.blocking.length === 0;
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
    sites: computed.sites.map(({ id, name, activity, floorArea_m2 }) => ({
      id,
      name,
      activity,
      floorArea_m2,
    })),
    coverage: figure(computed.coverage, detail?.onRule ?? null, isKnown),
    guide: figure(computed.guide, detail?.onBill ?? null, isKnown),
    verdict: computed.verdict,
    months: computed.months,
    rows: computed.rows.map(({ deliveryPointId: _, accountRowId: __, siteId: ___, cells, ...row }) => ({
      ...row,
      cells: cells.map(({ month, state }) => ({ month, state })),
    })),
    measured: {
      share: computed.measuredShare,
      sites: computed.measured.sites.map(({ siteId: _, quality, ...site }) => ({
        ...site,
        quality: qualityShares(quality),
      })),
      uses: computed.measured.uses,
    },
    enpis: input.enpis.map(enpi),
    events: input.events,
    findings: computed.findings,
    obligations: input.obligations.map(obligation),
    ...(computed.coverage.range ? { coverageRange: computed.coverage.range } : {}),
    clusters: (detail?.clusters ?? []).map(({ cluster, required, audited, counts }) => ({
      name: cluster.name,
      justification: cluster.justification,
      sites: cluster.siteIds.length,
      required,
      audited,
      counts,
    })),
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
