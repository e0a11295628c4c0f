export * from './accuracy.ts';
export * from './adjustment.ts';
export * from './aggregate.ts';
export * from './alarm.ts';
export * from './audit-dossier.ts';
export * from './audit-rule.ts';
export * from './balance.ts';
export * from './balance-verdict.ts';
export { type BaselineRows, baselineRows, type Granularity, granularities } from './baseline-rows.ts';
export * from './bill-spread.ts';
export * from './billing-matrix.ts';
export * from './billing-period.ts';
export * from './calendar.ts';
export * from './caltrack.ts';
export * from './caltrack-design.ts';
export * from './caltrack-hourly.ts';
export * from './caltrack-model.ts';
export * from './caltrack-sufficiency.ts';
export {
  type CertificateCase,
  type CertificateCheck,
  type CertificateResult,
  type ReadInput,
  runCase,
} from './certificate.ts';
export * from './certificate-cases.ts';
export * from './change-point.ts';
export { caltrackBaseline, changePointBaseline } from './change-point-baseline.ts';
export * from './cluster.ts';
export * from './cost.ts';
export * from './counter.ts';
export * from './coverage.ts';
export * from './cusum.ts';
export * from './cusum-change.ts';
export * from './degree-day.ts';
export * from './distribution.ts';
export * from './duration-curve.ts';
export * from './enb.ts';
export * from './enb-choice.ts';
export * from './enb-term.ts';
export * from './energy-factor.ts';
export * from './energy-resample.ts';
export * from './enpi.ts';
export * from './expected-load.ts';
export * from './factor-use.ts';
export {
  type Disqualified,
  type Finding,
  finding,
  type SeriesFinding,
  type SeriesFindings,
} from './finding.ts';
export * from './fit-metrics.ts';
export * from './formula.ts';
export * from './fuel.ts';
export * from './gauge.ts';
export * from './guideline-14.ts';
export * from './harmonic-distortion.ts';
export * from './heat-map.ts';
export * from './investment.ts';
export * from './load-history.ts';
export * from './measurand.ts';
export * from './measured-share.ts';
export * from './metering-uncertainty.ts';
export * from './money.ts';
export * from './obligation.ts';
export * from './obligation-calendar.ts';
export * from './obligation-deadline.ts';
export * from './obligation-rule.ts';
export * from './obligation-rules.ts';
export * from './pareto.ts';
export * from './performance.ts';
export * from './performance-run.ts';
export * from './power-triangle.ts';
export * from './rare-measurand.ts';
export * from './rate.ts';
export { type FittedBaseline, ratioBaseline } from './ratio-baseline.ts';
export * from './reading-column.ts';
export * from './regression.ts';
export * from './report-difference.ts';
export * from './report-version.ts';
export * from './savings.ts';
export * from './scope-optimum.ts';
export * from './sep.ts';
export * from './sourced.ts';
export * from './standing-bills.ts';
export * from './steam.ts';
export * from './storage.ts';
export * from './subset-selection.ts';
export * from './thinning.ts';
export * from './tier.ts';
export { timeOfWeekBaseline } from './time-of-week-baseline.ts';
export * from './trigger.ts';
export * from './unit-profile.ts';
export * from './verification.ts';
export * from './virtual-definition.ts';
export * from './virtual-meter.ts';
export * from './vocabulary.ts';
export * from './weather-day.ts';
export * from './weather-file.ts';
