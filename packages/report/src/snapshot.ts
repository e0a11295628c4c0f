import type {
  AccountKind,
  AuditDossier,
  CalorificBasis,
  Carrier,
  CoverageRange,
  CriterionResult,
  Duty,
  EnergyUse,
  FactorChange,
  FactorUse,
  Finding,
  FormulaChange,
  FormulaVersions,
  InvestmentResult,
  ObligationOutcome,
  ReportDifference,
  ReportSection,
  RuleStanding,
  Verification,
} from '@wattproof/energy';

/**
 * Everything an audit report says, as plain data: stored beside the document, so that it can be made again. The same
 * snapshot in the same language gives the same bytes.
 */
export interface AuditReportSnapshot {
  readonly snapshotVersion: 1;
  /** Instant at which the data was read, ISO 8601 in UTC. */
  readonly createdAt: string;
  readonly createdBy: string;
  readonly organisationName: string;
  readonly audit: {
    readonly id: string;
    readonly name: string;
    /** Local dates, [from, to). */
    readonly periodFrom: string;
    readonly periodTo: string;
    readonly dueOn: string | null;
    readonly auditorName: string;
    /** Null: nobody has signed, the report is a draft. */
    readonly signedOn: string | null;
  };
  readonly entity: { readonly name: string; readonly country: string; readonly registrationNumber: string };
  readonly rule: ReportRule;
  readonly sites: readonly ReportSite[];
  readonly coverage: ReportFigure;
  readonly guide: ReportFigure;
  readonly verdict: 'reached' | 'notReached' | 'insufficientData' | 'unverifiedRule';
  readonly months: readonly string[];
  readonly rows: readonly ReportRow[];
  readonly measured: {
    readonly share: number | null;
    /** Of the intervals of all main meters; null where there are none. */
    readonly quality?: QualityShares | null;
    readonly sites: readonly ReportMeasuredSite[];
    readonly uses: readonly ReportMeasuredUse[];
  };
  readonly enpis: readonly ReportEnpi[];
  readonly events: readonly ReportEvent[];
  readonly findings: readonly Finding[];
  /** What the law asks of the entity; snapshots of before 23 November 2026 have none. */
  readonly obligations?: readonly ReportObligation[];
  /** Where the coverage may lie by the meters' limits of error, percent; absent where no meter is behind it. */
  readonly coverageRange?: CoverageRange;
  /** Clusters of alike sites that were sampled, or were not enough. */
  readonly clusters?: readonly ReportCluster[];
  /** Uses that are audited by themselves, with their measured share of their carrier at the site. */
  readonly uses?: readonly {
    readonly siteName: string;
    readonly carrier: Carrier;
    readonly energyUse: EnergyUse;
    /** 0 to 1, cut off. */
    readonly share: string;
  }[];
  /** What the auditor states; snapshots of before 23 November 2026 have none. */
  readonly dossier?: { readonly version: number; readonly content: AuditDossier };
  readonly photos?: readonly ReportPhoto[];
  /** Versions of the formulas that the figures were computed with; snapshots of before 25 November 2026 have none. */
  readonly formulas?: FormulaVersions;
  /** The rules that they were computed with, whole. */
  readonly factors?: readonly FactorUse[];
  /** SHA-256 of what they were computed from, which is kept beside the reports. */
  readonly groundSha256?: string;
  /** Value of each opportunity of the dossier, in its order. */
  readonly investments?: readonly InvestmentResult[];
  /** Of a report that was computed again with other formulas: what it replaces and why its figures differ. */
  readonly reissue?: ReportReissue;
  /** References of the headline figures; snapshots of before the receipts were printed have none. */
  readonly receipts?: ReportReceipts;
  /** Of the named auditor; absent in a draft. All else is the data of the draft that was signed. */
  readonly signature?: ReportSignature;
}

/** What a re-issue replaces, and every figure that came out otherwise. */
export interface ReportReissue {
  /** The signed report whose data it has. */
  readonly documentId: string;
  readonly sha256: string;
  readonly fingerprint: string;
  readonly signature: { readonly id: string; readonly name: string; readonly at: string };
  readonly formulas: readonly FormulaChange[];
  readonly factors: readonly FactorChange[];
  readonly differences: readonly ReportDifference[];
  /** Figures that came out the same. */
  readonly unchanged: number;
}

/** References of the headline figures: a figure as the portal and the API name it. */
export interface ReportReceipts {
  readonly coverage: string;
  readonly guide: string;
  readonly measured: string;
}

/** A photo by the SHA-256 of its bytes, which are kept beside the reports. */
export interface ReportPhoto {
  readonly sha256: string;
  readonly section: ReportSection;
  readonly siteName: string | null;
  readonly caption: string;
  readonly takenOn: string | null;
}

export interface ReportSignature {
  readonly name: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** SHA-256 of the draft's bytes, and the fingerprint of its data. */
  readonly draftSha256: string;
  readonly draftFingerprint: string;
}

/** One rule with its outcome on the day of the report. */
export interface ReportObligation {
  readonly ruleId: string;
  readonly standing: RuleStanding;
  readonly duty: Duty;
  readonly outcome: ObligationOutcome;
  readonly isVerdict: boolean;
  readonly verification: Verification;
  readonly reviewer: { readonly name: string; readonly date: string } | null;
  readonly dueOn: string | null;
  readonly criteria: readonly CriterionResult[];
  readonly source: string;
}

export interface ReportCluster {
  readonly name: string;
  readonly justification: string;
  readonly sites: number;
  readonly required: number | null;
  readonly audited: number;
  readonly counts: boolean;
}

export type Basis = 'finalEnergy' | 'totalEnergy' | 'energyBill';

export interface ReportRule {
  readonly id: string;
  readonly basis: Basis;
  /** Decimal, 0 to 1. */
  readonly threshold: string;
  readonly obligedUnit: string;
  readonly effectiveFrom: string | null;
  readonly effectiveTo: string | null;
  readonly source: string;
  readonly verification: 'verified' | 'secondary' | 'unverified';
  /** Date for which it was looked up. */
  readonly date: string;
}

export interface ReportSite {
  readonly id: string;
  readonly name: string;
  readonly activity: string;
  readonly floorArea_m2: number | null;
}

export interface ReportFigure {
  readonly basis: Basis;
  /** Exact decimals in `unit`. */
  readonly audited: string;
  readonly total: string;
  readonly unit: string;
  /** Percent cut off, never rounded up, after two digits; null where it is not known. */
  readonly share_percent: string | null;
  readonly reachesThreshold: boolean | null;
  readonly estimatedShare: number;
}

export interface ReportCell {
  readonly month: string;
  readonly state: 'billed' | 'estimated' | 'overlapping' | 'missing' | 'outsideValidity';
}

export interface ReportRow {
  readonly kind: AccountKind;
  readonly code: string;
  readonly name: string;
  readonly siteName: string | null;
  readonly carrier: Carrier;
  readonly energyUse: EnergyUse | null;
  readonly energy_kwh: string;
  readonly amount: { readonly amount: string; readonly currency: string } | null;
  readonly estimated: boolean;
  readonly calorificBasis: CalorificBasis;
  readonly included: boolean;
  readonly reason: string;
  readonly source: string;
  readonly share: number | null;
  readonly cells: readonly ReportCell[];
}

export interface QualityShares {
  readonly measured: number;
  readonly interpolated: number;
  readonly estimated: number;
  readonly manual: number;
  readonly missing: number;
}

export interface ReportMeasuredSite {
  readonly siteName: string;
  readonly account_kwh: string;
  readonly metered_kwh: string;
  readonly share: number | null;
  readonly quality: QualityShares | null;
}

export interface ReportMeasuredUse {
  readonly use: EnergyUse | null;
  readonly metered_kwh: string;
  readonly share: number | null;
}

export interface ReportUncertain {
  readonly value: number;
  readonly halfWidth: number | null;
  readonly confidence: number | null;
}

export interface ReportEnpi {
  readonly name: string;
  readonly siteName: string;
  readonly baselineFrom: string;
  readonly baselineTo: string;
  readonly version: number;
  readonly terms: readonly {
    /** `intercept`, `production_g`, `hdd`, `cdd`. */
    readonly name: string;
    readonly base_c: number | null;
    readonly value: number;
    readonly standardError: number;
    readonly p: number | null;
  }[];
  readonly statistics: {
    readonly n: number;
    readonly adjustedR2: number;
    readonly cvRmse: number;
    readonly autocorrelation: number;
  };
  readonly savings: {
    readonly from: string;
    readonly to: string;
    readonly knownDays: number;
    readonly days: number;
    readonly actual_wh: number;
    readonly expected_wh: number;
    readonly share: ReportUncertain;
    readonly energy_wh: ReportUncertain;
    readonly cost: { readonly amount: string; readonly currency: string } | null;
    readonly modelHalfWidth: number;
    readonly meteringHalfWidth: number;
    readonly verdict: 'saving' | 'excess' | 'notDistinguishableFromZero' | 'insufficientData';
  };
  readonly cusum: readonly {
    readonly date: string;
    readonly cusum_wh: number;
    readonly band_wh: number | null;
  }[];
  readonly findings: readonly Finding[];
  /** Reference of the saving. */
  readonly receipt?: string;
  /** Of the energy of the reporting period; null where nothing is known of it. */
  readonly quality?: QualityShares | null;
}

/** What happened to a meter in the period: it changes how its index is read. */
export interface ReportEvent {
  readonly siteName: string;
  readonly meterName: string;
  readonly kind: 'replacement' | 'reset' | 'ratioChange';
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly timeZone: string;
  readonly origin: 'declared' | 'detected';
}
