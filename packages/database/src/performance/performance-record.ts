import type {
  EnbModel,
  Finding,
  Granularity,
  LocalDate,
  MeteringUncertainty,
  PerformanceChange,
  PerformanceMethod,
  RunningMonth,
  TargetState,
  Verdict,
} from '@wattproof/energy';
import type { VariableRecord } from './performance-variable.ts';

/** Shapes of the JSON columns of EnPIs. The workers write them, the API and the reports read them. */

/** What a baseline was decided on. Another definition is another version; other data is not. */
export interface EnpiDefinition {
  /** Their energies are added. */
  readonly meterIds: readonly number[];
  readonly measurand: string;
  readonly kind: 'measured' | 'ratio' | 'model';
  readonly granularity: Granularity;
  /** By key. */
  readonly variables: readonly VariableRecord[];
  /** Local dates, [from, to). */
  readonly baselineFrom: LocalDate;
  readonly baselineTo: LocalDate;
}

/** `enb.model` */
export interface StoredEnb extends EnbModel {
  readonly definition: EnpiDefinition;
}

export type EnbState = 'proposed' | 'approved' | 'retired' | 'refused';

/** `enb.result`: the reporting period against a version, so that two can be compared. */
export interface StoredEnbResult {
  readonly actual_wh: number;
  readonly expected_wh: number;
  readonly savings_wh: number;
  readonly savings_percent: number;
  readonly halfWidth_wh: number;
  readonly halfWidth_percent: number;
  readonly verdict: StoredSavings['verdict'];
  readonly findings: readonly Finding[];
}

export interface StoredStatistics {
  readonly n: number;
  readonly r2: number;
  readonly adjustedR2: number;
  readonly cvRmse: number;
  readonly autocorrelation: number;
  readonly effectiveN: number;
}

/** `enb.candidates`: one per combination of variables, best first. */
export interface StoredCandidate {
  readonly rank: number;
  /** Names, with the base temperature of degree days: `production_g`, `hdd(16)`. */
  readonly variables: readonly string[];
  readonly statistics: StoredStatistics;
  /** Bayesian information criterion minus that of the model in use. */
  readonly deltaBic: number;
  readonly inUse: boolean;
  readonly refused: readonly Finding[];
}

export interface StoredUncertain {
  readonly value: number;
  readonly halfWidth: number | null;
  readonly confidence: number | null;
}

/** `enpi_result.savings`. Differences are actual − expected: negative is a saving. */
export interface StoredSavings {
  /** Local dates, [from, to). */
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** Days on which the energy and every variable are known, and days in all. */
  readonly knownDays: number;
  readonly days: number;
  readonly actual_wh: number;
  readonly expected_wh: number;
  /** Of the expected energy. */
  readonly share: StoredUncertain;
  readonly energy_wh: StoredUncertain;
  /** Difference at the site's dated price; null where a price is missing. */
  readonly cost: { readonly amount: string; readonly currency: string } | null;
  /** Shares of the expected energy. */
  readonly modelHalfWidth: number;
  readonly meteringHalfWidth: number;
  /** What the metering part was computed with; null or left out: no accuracy is known. */
  readonly metering?: MeteringUncertainty | null;
  readonly verdict: 'saving' | 'excess' | 'notDistinguishableFromZero' | 'insufficientData';
}

/** `enpi_result.months` */
export interface StoredMonth {
  /** `YYYY-MM` */
  readonly month: string;
  /** Over the known days; null where there is none. */
  readonly actual_wh: number | null;
  readonly expected_wh: number | null;
  readonly halfWidth_wh: number | null;
  readonly quality: {
    readonly measured: number;
    readonly interpolated: number;
    readonly estimated: number;
    readonly manual: number;
    readonly missing: number;
  };
}

/** `enpi_result.days` */
export interface StoredDay {
  readonly date: LocalDate;
  readonly phase: 'baseline' | 'reporting' | 'between';
  readonly actual_wh: number | null;
  readonly expected_wh: number | null;
  readonly temperature_c: number | null;
  readonly production_g: number | null;
  /** Running sum of actual − expected since the start of reporting; null before. */
  readonly cusum_wh: number | null;
  /** Half-width of the band in which the sum stays while nothing changes. */
  readonly cusumBand_wh: number | null;
}

/** Performance by one method; null where it cannot be stated. */
export interface StoredMethod {
  readonly method: PerformanceMethod;
  readonly performance: {
    readonly adjusted_wh: number;
    readonly actual_wh: number;
    readonly savings_wh: number;
    readonly savings_percent: number;
    readonly senpi: number;
    readonly confidence: number;
    readonly modelHalfWidth_wh: number;
    readonly meteringHalfWidth_wh: number;
    readonly halfWidth_wh: number;
    readonly halfWidth_percent: number;
    readonly verdict: Verdict;
    readonly baseDays: number;
    readonly reportDays: number;
  } | null;
  readonly findings: readonly Finding[];
}

export interface StoredTarget {
  readonly targetId: string;
  readonly days: number;
  readonly actual_wh: number | null;
  readonly expected_wh: number | null;
  readonly halfWidth_wh: number | null;
  readonly allowed_wh: number | null;
  readonly margin_wh: number | null;
  readonly reached_percent: number | null;
  readonly state: TargetState['state'] | 'unknown';
}

/** `enpi_result.performance` */
export interface StoredRun {
  readonly methods: readonly StoredMethod[];
  readonly rollingYear: readonly RunningMonth[];
  readonly yearToDate: readonly RunningMonth[];
  readonly changes: readonly PerformanceChange[];
  readonly targets: readonly StoredTarget[];
  /** Approved adjustments with their share of the expected energy. */
  readonly adjustments: readonly {
    readonly id: string;
    readonly event: string;
    readonly energy_wh: number;
  }[];
}

/** `enpi_result`: performance against the baseline in force. */
export interface StoredPerformance {
  readonly reportingTo: LocalDate;
  readonly savings: StoredSavings;
  readonly months: readonly StoredMonth[];
  readonly days: readonly StoredDay[];
  readonly findings: readonly Finding[];
  readonly performance: StoredRun;
}
