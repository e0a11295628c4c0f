import type {
  AccountKind,
  AuditRule,
  CalorificBasis,
  Carrier,
  Coverage,
  CoverageInput,
  CoverageRange,
  CoverageVersion,
  Decimal,
  EnergyUse,
  Finding,
  MeasuredShare,
  QualityCounts,
} from '@wattproof/energy';
import type { AuditRecord, AuditSite } from './audit.queries.ts';

/** Share of one quantity, exact in its parts. */
export interface CoverageFigureView {
  readonly basis: 'finalEnergy' | 'totalEnergy' | 'energyBill';
  readonly audited: Decimal;
  readonly total: Decimal;
  readonly unit: string;
  /** 0 to 1, for bars and sorting; whether a threshold is reached is compared exactly elsewhere. Null where it is not known. */
  readonly share: number | null;
  readonly estimatedShare: number;
  readonly range: CoverageRange | null;
}

export type AuditVerdict = 'reached' | 'notReached' | 'insufficientData' | 'unverifiedRule';
export type BillCellState = 'billed' | 'estimated' | 'overlapping' | 'missing' | 'outsideValidity';

/** A month of a delivery point: what its bills say about it, spread by days. */
export interface BillCell {
  /** `YYYY-MM` */
  readonly month: string;
  readonly state: BillCellState;
  readonly energy_kwh: Decimal | null;
  readonly amount: Decimal | null;
  readonly billIds: readonly string[];
}

/** One line of the energy account. */
export interface AuditRow {
  readonly deliveryPointId: string | null;
  readonly accountRowId: string | null;
  readonly kind: AccountKind;
  readonly name: string;
  /** PRM, PCE, CUPS, fuel card …; empty for rows that are no delivery point. */
  readonly code: string;
  readonly siteId: string | null;
  readonly siteName: string | null;
  readonly carrier: Carrier;
  readonly energyUse: EnergyUse | null;
  readonly energy_kwh: Decimal;
  readonly amount: { readonly amount: Decimal; readonly currency: string } | null;
  readonly estimated: boolean;
  readonly calorificBasis: CalorificBasis;
  readonly included: boolean;
  readonly reason: string;
  /** Counts by its sampled cluster without being audited itself; null otherwise. */
  readonly clusterId: string | null;
  /** Limit of error of the meter behind the row, percent. */
  readonly limit_percent: Decimal | null;
  /** Other entity that energy was received from or passed on to. */
  readonly counterpartName: string | null;
  /** Source of a row that is no bill. */
  readonly source: string;
  /** Of the total on the rule's basis; null where the rule does not count the row. */
  readonly share: number | null;
  readonly cells: readonly BillCell[];
}

export interface MeasuredSiteView {
  readonly siteId: string;
  readonly siteName: string;
  readonly account_kwh: Decimal;
  readonly metered_kwh: Decimal;
  readonly share: number | null;
  /** Quality of the intervals behind `metered_kwh`. */
  readonly quality: QualityCounts;
}

export interface MeasuredUseView {
  /** Null: metered, but of no single use. */
  readonly use: EnergyUse | null;
  readonly metered_kwh: Decimal;
  /** Of the entity's account. */
  readonly share: number | null;
}

/** Everything the legal test of an audit rests on, computed from bills, account rows, scope and intervals. */
export interface ComputedAudit {
  readonly audit: AuditRecord;
  /** What the coverage was computed from, whole: whoever has it computes the same figure again. */
  readonly account: CoverageInput;
  /** Version of the coverage's formula. */
  readonly coverageVersion: CoverageVersion;
  readonly rule: AuditRule;
  /** Date for which the rule was looked up. */
  readonly ruleDate: string;
  readonly sites: readonly AuditSite[];
  readonly coverage: CoverageFigureView;
  /** The guide's reading: share of the energy bill, beside it. */
  readonly guide: CoverageFigureView;
  readonly verdict: AuditVerdict;
  /** Null where the account could not be formed; `findings` say why. */
  readonly detail: Coverage | null;
  readonly findings: readonly Finding[];
  readonly months: readonly string[];
  readonly rows: readonly AuditRow[];
  /** Share of the entity's energy that meters see; never called coverage. */
  readonly measuredShare: number | null;
  readonly measured: {
    readonly sites: readonly MeasuredSiteView[];
    readonly uses: readonly MeasuredUseView[];
    /** Uses against the main meters (or bills) of each site and carrier. */
    readonly byCarrier: MeasuredShare;
  };
}
