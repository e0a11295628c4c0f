import type { Finding, SaveVirtualMeter, VirtualMeter, VirtualMeters } from '@wattproof/contracts/api';
import { localInstants, localText } from '../form/local-instant.ts';

type Source = VirtualMeters['sources'][number];

/** A term as it is chosen. Dates are local; the last day belongs to it; empty is open. */
export interface TermDraft {
  readonly key: number;
  readonly sourceMeterId: number | null;
  readonly sign: 1 | -1;
  readonly from: string;
  readonly to: string;
}

export interface DefinitionDraft {
  readonly name: string;
  readonly role: 'total' | 'use' | 'feeder';
  readonly carrier: string;
  readonly energyUse: string;
  readonly zoneId: string;
  readonly measurand: string;
  readonly terms: readonly TermDraft[];
}

export type DefinitionProblem = 'name' | 'term' | 'dates';

export const emptyTerm = (key: number): TermDraft => ({
  key,
  sourceMeterId: null,
  sign: 1,
  from: '',
  to: '',
});

const day_ms = 86_400_000;
const dayBefore = (date: string): string => new Date(Date.parse(date) - day_ms).toISOString().slice(0, 10);
const dayAfter = (date: string): string => new Date(Date.parse(date) + day_ms).toISOString().slice(0, 10);

/** A definition as it stands, or as the structure suggests it, ready to be changed. */
export function draftOf(
  meter: Pick<VirtualMeter, 'carrier' | 'measurand' | 'terms'> &
    Partial<Pick<VirtualMeter, 'name' | 'role' | 'energyUse' | 'zoneId'>>,
  timeZone: string,
): DefinitionDraft {
  const date = (at: string | null): string =>
    at === null ? '' : localText(timeZone, Date.parse(at)).slice(0, 10);
  return {
    name: meter.name ?? '',
    role: meter.role ?? 'use',
    carrier: meter.carrier,
    energyUse: meter.energyUse ?? '',
    zoneId: meter.zoneId ?? '',
    measurand: meter.measurand,
    terms: meter.terms.map((term, key) => ({
      key,
      sourceMeterId: term.sourceMeterId,
      sign: term.sign,
      from: date(term.validFrom),
      to: term.validTo === null ? '' : dayBefore(date(term.validTo)),
    })),
  };
}

/** Sources that can be added up: of the same carrier, with the counter that the sum is about. */
export const sourcesFor = (
  sources: readonly Source[],
  { carrier, measurand }: Pick<DefinitionDraft, 'carrier' | 'measurand'>,
): Source[] => sources.filter((s) => s.carrier === carrier && s.measurands.includes(measurand));

/** Counters that meters of a carrier keep. */
export const countersOf = (sources: readonly Source[], carrier: string): string[] => [
  ...new Set(sources.filter((s) => s.carrier === carrier).flatMap((s) => s.measurands)),
];

/** Local midnight of a date; where the clock skips it, the hour after. */
const midnight = (timeZone: string, date: string): string =>
  new Date(
    localInstants(timeZone, `${date}T00:00`)[0] ??
      localInstants(timeZone, `${date}T01:00`)[0] ??
      Date.parse(date),
  ).toISOString();

/** Reads a draft; what is wrong is named with the key of its term, `null` for the name. */
export function readDefinition(
  draft: DefinitionDraft,
  timeZone: string,
):
  | { readonly ok: true; readonly wish: SaveVirtualMeter }
  | { readonly ok: false; readonly problems: ReadonlyMap<number | null, DefinitionProblem> } {
  const problems = new Map<number | null, DefinitionProblem>();
  if (draft.name.trim() === '') problems.set(null, 'name');
  for (const term of draft.terms) {
    if (term.sourceMeterId === null) problems.set(term.key, 'term');
    else if (term.from !== '' && term.to !== '' && term.from > term.to) problems.set(term.key, 'dates');
  }
  if (problems.size > 0) return { ok: false, problems };
  return {
    ok: true,
    wish: {
      name: draft.name.trim(),
      role: draft.role,
      carrier: draft.carrier as SaveVirtualMeter['carrier'],
      energyUse:
        draft.energyUse === '' ? null : (draft.energyUse as NonNullable<SaveVirtualMeter['energyUse']>),
      zoneId: draft.zoneId === '' ? null : draft.zoneId,
      measurand: draft.measurand,
      terms: draft.terms.map((term) => ({
        sourceMeterId: term.sourceMeterId as number,
        measurand: draft.measurand,
        sign: term.sign,
        validFrom: term.from === '' ? null : midnight(timeZone, term.from),
        validTo: term.to === '' ? null : midnight(timeZone, dayAfter(term.to)),
      })),
    },
  };
}

/** Findings that a refusal carries; none where it has other reasons. */
export const findingsOf = (details: Readonly<Record<string, unknown>>): Finding[] =>
  Array.isArray(details.findings) ? (details.findings as Finding[]) : [];
