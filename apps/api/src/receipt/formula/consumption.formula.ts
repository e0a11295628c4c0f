import type { FigureFormula, FigurePlace, FigureSource, Formulas } from '../figure-formula.ts';
import { currencyBeside, datesOf, namedMeters, nearestText, siteReceipt } from './place.ts';

const siteTotal =
  (kind: 'siteEnergy' | 'siteCost') =>
  (place: FigurePlace): FigureSource[] =>
    siteReceipt(kind, {
      siteId: place.params.siteId ?? '',
      carrier: nearestText(place, 'carrier'),
      ...datesOf(place),
    });

const partEnergy: FigureFormula = {
  name: 'partEnergy',
  version: 1,
  expression: 'E = Σ meters Σ days Δ − Σ meters that lie elsewhere; the rest: total of the carrier − Σ parts',
  sources: (place) => [...namedMeters(place), ...siteTotal('siteEnergy')(place)],
};
const partCost: FigureFormula = {
  name: 'partCost',
  version: 1,
  expression: 'C = Σ days Δ · price(date), rounded once per carrier',
  unit: currencyBeside,
  sources: (place) => [...namedMeters(place), ...siteTotal('siteCost')(place)],
};
const share: FigureFormula = {
  name: 'shareOfTotal',
  version: 1,
  expression: 'share = E ÷ total of the carrier',
  unit: '1',
  sources: (place) => [
    { kind: 'siblings', names: ['energy_wh', 'volume_l'] },
    ...siteTotal('siteEnergy')(place),
  ],
};
const totalEnergy: FigureFormula = {
  name: 'siteEnergy',
  version: 1,
  expression: 'E = Σ days Δ(total of the carrier)',
  sources: siteTotal('siteEnergy'),
};
const totalCost: FigureFormula = {
  name: 'siteCost',
  version: 1,
  expression: 'C = Σ carriers Σ days Δ · price(date), rounded once per carrier',
  unit: currencyBeside,
  sources: siteTotal('siteCost'),
};
const periodValue: FigureFormula = {
  name: 'partEnergy',
  version: 1,
  expression: 'E(period) = Σ meters Δ of the period',
  unit: (place) => nearestText(place, 'unit'),
  sources: namedMeters,
};

const partsAndTotals = {
  'rows[].energy_wh': partEnergy,
  'rows[].volume_l': partEnergy,
  'rows[].cost.amount': partCost,
  'rows[].share': share,
  'totals[].energy_wh': totalEnergy,
  'totals[].volume_l': totalEnergy,
  'totals[].cost.amount': totalCost,
} as const;

/** What a site, its zones, panels, circuits, meters and uses consumed. */
export const consumptionFormulas: Formulas = {
  'sites/{siteId}/uses': partsAndTotals,
  'sites/{siteId}/consumption': {
    ...partsAndTotals,
    'rows[].values[]': periodValue,
    'totals[].values[]': periodValue,
    'duration_s[]': 'operation',
  },
};
