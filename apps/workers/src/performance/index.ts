export { computeEnpis, type EnpiOutcome } from './compute-enpis.ts';
export { type ExpectedLoadOutcome, fitExpectedLoads } from './fit-expected-loads.ts';
