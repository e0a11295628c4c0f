import type { EnpiDetail, EnpiSummary } from '@wattproof/contracts/api';
import type { StoredEnb } from '@wattproof/database';
import type { EnpiDetailView, EnpiView } from '@wattproof/database/queries';
import { effectiveCount, enbTerms } from '@wattproof/energy';
import { findingsView, termsView } from './enb-view.ts';

export function enpiSummaryView(row: EnpiView): EnpiSummary {
  const { savings } = row;
  return {
    id: row.id,
    siteId: row.siteId,
    siteName: row.siteName,
    name: row.name,
    meterId: row.meterId,
    measurand: row.measurand,
    baseline:
      row.version === null
        ? null
        : {
            from: row.baselineFrom,
            to: row.baselineTo,
            version: row.version,
            findings: [...findingsView(row.enbFindings), ...findingsView(row.resultFindings)],
          },
    reporting: savings && { from: savings.from, to: savings.to },
    savings: savings && savingsView(savings),
    ...reportedMonths(row),
    computedAt: row.computedAt?.toISOString() ?? null,
  };
}

/** Whole and begun months since the report began; their quality is weighted by their days. */
function reportedMonths({ savings, months }: EnpiView): Pick<EnpiSummary, 'quality' | 'trend'> {
  const reported = savings ? (months ?? []).filter(({ month }) => month >= savings.from.slice(0, 7)) : [];
  const days = reported.map(({ month }) => {
    const [year = 0, number = 0] = month.split('-').map(Number);
    return new Date(Date.UTC(year, number, 0)).getUTCDate();
  });
  const all = days.reduce((sum, n) => sum + n, 0);
  const share = (of: keyof NonNullable<EnpiSummary['quality']>): number =>
    reported.reduce((sum, { quality }, i) => sum + quality[of] * (days[i] as number), 0) / all;
  return {
    quality:
      reported.length === 0
        ? null
        : {
            measured: share('measured'),
            interpolated: share('interpolated'),
            estimated: share('estimated'),
            manual: share('manual'),
            missing: share('missing'),
          },
    trend: reported.map(({ month, actual_wh, expected_wh, halfWidth_wh }) => {
      const isKnown = actual_wh !== null && expected_wh !== null && expected_wh > 0;
      return {
        month,
        share: isKnown ? actual_wh / expected_wh - 1 : null,
        halfWidth: isKnown && halfWidth_wh !== null ? halfWidth_wh / expected_wh : null,
      };
    }),
  };
}

function savingsView({
  knownDays: _known,
  days: _days,
  metering = null,
  ...savings
}: NonNullable<EnpiView['savings']>): NonNullable<EnpiSummary['savings']> {
  return {
    ...savings,
    metering: metering && { ...metering },
    share: { ...savings.share },
    energy_wh: { ...savings.energy_wh },
  };
}

export function enpiDetailView(row: EnpiDetailView): EnpiDetail {
  const inUse = row.candidates?.find((candidate) => candidate.inUse);
  return {
    ...enpiSummaryView(row),
    model: row.model && {
      ...modelView(row.model),
      statistics: { ...(inUse?.statistics ?? statisticsOf(row.model)) },
    },
    candidates: (row.candidates ?? []).map((candidate) => ({
      ...candidate,
      variables: [...candidate.variables],
      statistics: { ...candidate.statistics },
      refused: findingsView(candidate.refused),
    })),
    months: (row.months ?? []).map((month) => ({ ...month, quality: { ...month.quality } })),
    days: (row.days ?? []).map((day) => ({ ...day })),
  };
}

type Model = NonNullable<EnpiDetail['model']>;

function modelView(model: StoredEnb): Omit<Model, 'statistics'> {
  const terms = enbTerms(model);
  const base = (kind: 'heating' | 'cooling'): number | null =>
    terms.find(({ definition }) => definition?.kind === kind)?.base_c ?? null;
  return {
    terms: termsView(model, () => undefined).map(({ variable, unit, coefficient, standardError, t, p }) => ({
      variable,
      unit,
      coefficient,
      standardError: standardError ?? 0,
      t: t ?? 0,
      p: p ?? 1,
    })),
    heatingBase_c: base('heating'),
    coolingBase_c: base('cooling'),
  };
}

/** Of a baseline that a person chose: candidates stand in the workspace, not beside it. */
const statisticsOf = (model: StoredEnb): Model['statistics'] => ({
  n: model.n,
  r2: model.r2,
  adjustedR2: model.adjustedR2,
  cvRmse: model.cvRmse,
  autocorrelation: model.autocorrelation,
  effectiveN: effectiveCount(model.n, model.autocorrelation),
});
