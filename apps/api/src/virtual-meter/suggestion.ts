import type { SuggestedVirtualMeter } from '@wattproof/contracts/api';
import type { MeterRow } from '@wattproof/database/queries';
import type { MeasurandName, SummedMeter, VirtualTerm } from '@wattproof/energy';

const exported: MeasurandName = 'active_energy_export_wh';

type Suggestion = Pick<SuggestedVirtualMeter, 'kind' | 'ofMeterId' | 'carrier' | 'measurand'> & {
  readonly terms: readonly VirtualTerm[];
};

/**
 * Sums that a site's structure calls for: the total of each carrier (mains, less what is given back, with own
 * generation), what is generated and used on site, and what meters leave of the one above them. Those whose terms a
 * virtual meter already has are left out.
 */
export function suggestedMeters(
  meters: readonly MeterRow[],
  summed: ReadonlyMap<number, SummedMeter>,
  definitions: ReadonlyMap<number, readonly VirtualTerm[]>,
): Suggestion[] {
  const counting = meters.filter((m) => m.kind !== 'virtual' && ownCounter(m, summed) !== null);
  const made = new Set([...definitions.values()].map(keyOf));
  return [...totals(counting, summed), ...residuals(counting, summed)].filter(
    ({ terms }) => terms.length > 0 && !made.has(keyOf(terms)),
  );
}

const keyOf = (terms: readonly VirtualTerm[]): string =>
  terms
    .map((t) => `${t.sign} ${t.meterId} ${t.measurand}`)
    .sort()
    .join();

const ownCounter = (meter: MeterRow, summed: ReadonlyMap<number, SummedMeter>): MeasurandName | null =>
  summed.get(meter.id)?.kept.find((name) => name === meter.measurand) ?? null;

const open = (meterId: number, measurand: MeasurandName, sign: 1 | -1): VirtualTerm => ({
  meterId,
  measurand,
  sign,
  from_ms: null,
  to_ms: null,
});

function totals(meters: readonly MeterRow[], summed: ReadonlyMap<number, SummedMeter>): Suggestion[] {
  const own = (meter: MeterRow, sign: 1 | -1): VirtualTerm[] => {
    const measurand = ownCounter(meter, summed);
    return measurand === null ? [] : [open(meter.id, measurand, sign)];
  };
  const generation = meters.filter((m) => m.role === 'generation').flatMap((m) => own(m, 1));
  const mains = meters.filter((m) => m.role === 'main');
  const given = mains
    .filter((m) => m.carrier === 'electricity' && summed.get(m.id)?.kept.includes(exported))
    .map((m) => open(m.id, exported, -1));
  const suggestions: Suggestion[] = [];
  for (const [carrier, list] of Map.groupBy(mains, (m) => m.carrier)) {
    const [first] = list;
    const measurand = first && ownCounter(first, summed);
    if (!measurand) continue;
    const same = list.filter((m) => ownCounter(m, summed) === measurand).flatMap((m) => own(m, 1));
    const isElectric = carrier === 'electricity';
    // Without own generation what flows back is not the site's: the import alone is its consumption.
    const made = isElectric && generation.length > 0 ? [...given, ...generation] : [];
    suggestions.push({
      kind: 'siteTotal',
      ofMeterId: null,
      carrier: carrier as Suggestion['carrier'],
      measurand,
      terms: [...same, ...made],
    });
  }
  if (generation.length > 0)
    suggestions.push({
      kind: 'selfConsumption',
      ofMeterId: null,
      carrier: 'pv',
      measurand: 'active_energy_import_wh',
      terms: [...generation, ...given],
    });
  return suggestions;
}

function residuals(meters: readonly MeterRow[], summed: ReadonlyMap<number, SummedMeter>): Suggestion[] {
  const children = Map.groupBy(meters, (m) => m.parentId);
  return meters.flatMap((meter) => {
    const measurand = ownCounter(meter, summed);
    const below = (children.get(meter.id) ?? []).filter(
      (m) => m.carrier === meter.carrier && ownCounter(m, summed) === measurand && m.role !== 'generation',
    );
    if (measurand === null || below.length === 0) return [];
    return [
      {
        kind: 'residual' as const,
        ofMeterId: meter.id,
        carrier: meter.carrier as Suggestion['carrier'],
        measurand,
        terms: [open(meter.id, measurand, 1), ...below.map((m) => open(m.id, measurand, -1))],
      },
    ];
  });
}
