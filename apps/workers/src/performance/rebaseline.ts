import type { EnbRecord, NewProposal } from '@wattproof/database';
import { periodOf } from '@wattproof/database';
import { dayOrdinal, type Finding, finding, type PerformanceChange, rangeTest } from '@wattproof/energy';
import type { PerformanceInput } from './performance.ts';

/** A change that lasts this long without another one, and takes more energy, is no longer an excess of some days. */
export const drift_days = 56;
/** Fewer days than this say nothing about the range of a year. */
const leastRangeDays = 28;

/**
 * What speaks for another baseline. A lasting rise is drift: the baseline no longer tells of the same plant, or it wastes
 * energy; a person decides which. A lasting fall is what a saving looks like and is left alone.
 */
export function proposalsOf(
  input: PerformanceInput,
  seen: {
    readonly enb: EnbRecord;
    readonly changed: Finding | null;
    readonly isDefinitionOther: boolean;
    readonly changes: readonly PerformanceChange[];
  },
): NewProposal[] {
  const { model, data, reportingFrom, reportingTo, baselineTo } = input;
  const proposals: NewProposal[] = [];
  const propose = (trigger: NewProposal['trigger'], since: string, findings: readonly Finding[]): void => {
    proposals.push({ trigger, since, findings, aboutEnbId: seen.enb.id, raisedBy: null });
  };
  if (seen.changed) propose('baselineDataChanged', baselineTo, [seen.changed]);
  if (seen.isDefinitionOther)
    propose('definitionChanged', reportingFrom, [
      finding('definitionChanged', 'The EnPI is defined otherwise than its approved baseline', {
        version: seen.enb.version,
      }),
    ]);
  const reporting = periodOf(data, reportingFrom, reportingTo);
  if (reporting.dates.length >= leastRangeDays) {
    const outside = rangeTest(model, reporting).filter(({ code }) => code === 'outsideBaselineRange');
    if (outside.length > 0) propose('variableOutOfRange', reportingFrom, outside);
  }
  const last = seen.changes[seen.changes.length - 1];
  const lasts_days = last ? dayOrdinal(reportingTo) - dayOrdinal(last.since) : 0;
  if (last?.direction === 'more' && lasts_days >= drift_days)
    propose('drift', last.since, [
      finding('drift', 'More energy than expected has been used ever since, by a step that lasts', {
        since: last.since,
        days: lasts_days,
        meanDifference_wh: last.meanDifference_wh,
      }),
    ]);
  return proposals;
}
