import type { EnpiDetail, EnpiSummary } from '@wattproof/contracts/api';
import type { StoredEnb } from '@wattproof/database';
import type { EnpiDetailView, EnpiView } from '@wattproof/database/queries';
import { enbTerms, type Finding, findMeasurand, type VariableDefinition } from '@wattproof/energy';

const findingsView = (
  findings: readonly Finding[] | null,
): { code: string; message: string; data?: Record<string, unknown> }[] =>
  (findings ?? []).map(({ code, message, data }) => ({
    code,
    message,
    ...(data ? { data: { ...data } } : {}),
  }));

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
    computedAt: row.computedAt?.toISOString() ?? null,
  };
}

function savingsView({
  knownDays: _known,
  days: _days,
  ...savings
}: NonNullable<EnpiView['savings']>): NonNullable<EnpiSummary['savings']> {
  return { ...savings, share: { ...savings.share }, energy_wh: { ...savings.energy_wh } };
}

export function enpiDetailView(row: EnpiDetailView): EnpiDetail {
  const inUse = row.candidates?.find((candidate) => candidate.inUse);
  return {
    ...enpiSummaryView(row),
    model: row.model && inUse ? { ...modelView(row.model), statistics: { ...inUse.statistics } } : null,
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
    terms: terms.map(({ name, definition, value, standardError, p }) => ({
      variable: name,
      unit: termUnit(definition),
      coefficient: value,
      standardError,
      t: standardError > 0 ? value / standardError : 0,
      p: p ?? 1,
    })),
    heatingBase_c: base('heating'),
    coolingBase_c: base('cooling'),
  };
}

/** Unit of a coefficient: energy a day per unit of its variable. */
function termUnit(definition: VariableDefinition | null): string {
  if (definition === null) return 'Wh';
  if (definition.kind !== 'given') return 'Wh/(K·d)';
  const unit = findMeasurand(definition.name)?.unit;
  return unit ? `Wh/${unit}` : 'Wh';
}
