import { addDays, localDate } from '@wattproof/energy';
import { receiptId } from '@wattproof/evidence/receipt';
import type { FigureFormula, FigurePlace, FigureSource, Formulas } from '../figure-formula.ts';
import { currencyBeside, daysAround, namedMeters, nearestText, siteReceipt, textOf } from './place.ts';

const expectedLoad: FigureFormula = {
  name: 'timeOfWeekTemperature',
  version: 1,
  expression:
    'expected load by time of the week and outdoor temperature; the band holds 90 % of the past residuals',
};
/** The site as the answer names it, or as the route does. */
const siteAround = ({ owners, params }: FigurePlace): { readonly id: string; readonly timeZone: string } => {
  const site = owners.at(-1)?.site as { readonly id?: string; readonly timeZone?: string } | undefined;
  return { id: site?.id ?? params.siteId ?? '', timeZone: site?.timeZone ?? 'UTC' };
};
const siteNow = (place: FigurePlace): FigureSource[] => {
  const { id, timeZone } = siteAround(place);
  const now = textOf(place.owners.at(-1)?.now);
  if (!now) return [];
  const date = localDate(timeZone, Date.parse(now));
  return siteReceipt('siteEnergy', { siteId: id, carrier: 'electricity', from: date, to: addDays(date, 1) });
};

const powerNow: FigureFormula = {
  name: 'powerNow',
  version: 1,
  expression: 'P = Σ ± newest power reading of each meter of the total',
  sources: siteNow,
};
const soFarOf = (place: FigurePlace): FigureSource[] => {
  const row = place.owners.find(({ period }) => typeof period === 'string');
  const { id, timeZone } = siteAround(place);
  if (!row) return [];
  const carrier = nearestText(place, 'carrier') || 'all';
  return siteReceipt(carrier === 'all' ? 'siteCost' : 'siteEnergy', {
    siteId: id,
    carrier,
    ...daysAround(timeZone, { from: textOf(row.from), to: textOf(row.to) }),
  });
};
const soFarEnergy: FigureFormula = {
  name: 'siteEnergy',
  version: 1,
  expression: 'E = Σ days Δ(total of the carrier) up to now',
  sources: soFarOf,
};
const soFarCost: FigureFormula = {
  name: 'siteCost',
  version: 1,
  expression: 'C = Σ carriers Σ days Δ · price(date), rounded once per carrier',
  unit: currencyBeside,
  sources: soFarOf,
};
const againstBaseline: FigureFormula = {
  name: 'againstBaseline',
  version: 1,
  expression: '(E actual − E expected) ÷ E expected over the known days; negative is less energy',
  unit: '1',
  sources: soFarOf,
};

const portfolioSite =
  (carrier: string) =>
  (place: FigurePlace): FigureSource[] => {
    const month = textOf(place.owners.at(-1)?.month);
    const from = `${month}-01`;
    const to = month && `${addDays(from, 31).slice(0, 7)}-01`;
    const siteId = textOf(place.owners.find((owner) => 'powerNow_w' in owner)?.id);
    return siteReceipt(carrier === 'all' ? 'siteCost' : 'siteEnergy', { siteId, carrier, from, to });
  };
const coverageOf = (place: FigurePlace): FigureSource[] => {
  const auditId = textOf(place.owners[0]?.id);
  return auditId
    ? [{ kind: 'receipt', name: 'auditCoverage', id: receiptId('auditCoverage', { auditId, basis: 'rule' }) }]
    : [];
};

const balanceUnit = (place: FigurePlace): string => nearestText(place, 'unit') || 'Wh';
const node = (
  name: string,
  expression: string,
  unit: FigureFormula['unit'] = balanceUnit,
): FigureFormula => ({
  name,
  version: 1,
  expression,
  unit,
  sources: namedMeters,
});

const measuredEnergy: FigureFormula = {
  name: 'measuredEnergy',
  version: 1,
  expression: 'E = Σ meters below the mains, each kWh once',
  sources: namedMeters,
};
const mainsEnergy: FigureFormula = {
  name: 'mainsEnergy',
  version: 1,
  expression: 'E = import of the mains − export + own generation',
};
const measuredShare: FigureFormula = {
  name: 'measuredShare',
  version: 1,
  expression: 'share = E measured ÷ E of the mains',
  unit: '1',
  sources: (place) => [
    ...namedMeters(place),
    { kind: 'siblings', names: ['energy_wh', 'measured_wh', 'mains_wh'] },
  ],
};

/** What a site does now, so far, and how its meters add up. */
export const siteFormulas: Formulas = {
  sites: { 'sites[].floorArea_m2': 'stated', 'sites[].subscribedPower_w': 'stated' },
  'sites/{siteId}/overview': {
    'site.floorArea_m2': 'stated',
    'site.subscribedPower_w': 'stated',
    scaleMax_w: 'tick',
    'power.value_w': powerNow,
    'power.expected.value_w': expectedLoad,
    'power.expected.low_w': expectedLoad,
    'power.expected.high_w': expectedLoad,
    outdoorTemperature_c: {
      name: 'outdoorTemperature',
      version: 1,
      expression: 'newest reading of the weather source of the site',
    },
    'deviation.value_w': {
      name: 'deviation',
      version: 1,
      expression: 'ΔP = P − nearer edge of the expected band',
      sources: siteNow,
    },
    'soFar[].carriers[].energy_wh': soFarEnergy,
    'soFar[].carriers[].volume_l': soFarEnergy,
    'soFar[].carriers[].cost.amount': soFarCost,
    'soFar[].cost.amount': soFarCost,
    'soFar[].againstBaseline.value': againstBaseline,
    'soFar[].againstBaseline.halfWidth': againstBaseline,
    'uses[].power_w': {
      ...powerNow,
      name: 'usePower',
      expression: 'P = Σ newest power reading of the meters of the use',
    },
    'uses[].expected.value_w': expectedLoad,
    'uses[].expected.low_w': expectedLoad,
    'uses[].expected.high_w': expectedLoad,
  },
  'sites/{siteId}/load': {
    duration_s: 'operation',
    'points[].mean_w': {
      name: 'meanPower',
      version: 1,
      expression: 'P̄ = Δ(total of electricity) ÷ duration of the interval',
      sources: ({ params, owners }) => {
        const from = textOf(owners.at(-1)?.date);
        const to = from && addDays(from, 1);
        return siteReceipt('siteEnergy', { siteId: params.siteId ?? '', carrier: 'electricity', from, to });
      },
    },
    'band[].expected_w': expectedLoad,
    'band[].low_w': expectedLoad,
    'band[].high_w': expectedLoad,
  },
  'sites/{siteId}/balance': {
    'carriers[].roots[].energy': node('meterEnergy', 'E = Σ days Δ'),
    'carriers[].roots[].exported': node('meterEnergy', 'E = Σ days Δ of what is given back'),
    'carriers[].roots[].chain_percent': node(
      'accuracyChain',
      'u = √(Σ class²) over meter, transformer and cable (IEC 61557-12)',
      '%',
    ),
    'carriers[].roots[].accuracy[].class': 'limit',
    'carriers[].roots[].balance.inflow_wh': node('inflow', 'import − export + generation below the meter'),
    'carriers[].roots[].balance.children_wh': node('childrenEnergy', 'Σ inflow of the meters below'),
    'carriers[].roots[].balance.residual_wh': node('residual', 'inflow − Σ inflow of the meters below'),
    'carriers[].roots[].balance.residualShare': node('residualShare', 'residual ÷ inflow', '1'),
    'carriers[].roots[].balance.tolerance_wh': node(
      'tolerance',
      '2·√(Σ (uᵢEᵢ)²) over the accuracy of all meters involved',
    ),
  },
  'sites/{siteId}/completeness': {
    mains_wh: mainsEnergy,
    measured_wh: measuredEnergy,
    measuredShare,
    feederLimit_a: 'limit',
    'zones[].energy_wh': measuredEnergy,
    'zones[].share': measuredShare,
    'feeders[].energy_wh': measuredEnergy,
    'feeders[].share': measuredShare,
    'feeders[].ratedCurrent_a': 'stated',
    'uses[].energy_wh': measuredEnergy,
    'uses[].share': measuredShare,
  },
  'sites/{siteId}/structure': {
    'zones[].panels[].circuits[].ratedCurrent_a': 'stated',
    'meters[].accuracy[].class': 'limit',
  },
  'sites/{siteId}/metering': { baseInterval_s: 'stated', 'possibleBaseIntervals_s[]': 'limit' },
  portfolio: {
    'legalEntities[].audit.coverage': {
      name: 'auditCoverage',
      version: 1,
      expression: 'coverage = Σ in scope / Σ all, by days within the period; cut off, never rounded up',
      unit: '1',
      sources: coverageOf,
    },
    'legalEntities[].audit.threshold': 'limit',
    'legalEntities[].sites[].powerNow_w': { ...powerNow, sources: portfolioSite('electricity') },
    'legalEntities[].sites[].electricity_wh': { ...soFarEnergy, sources: portfolioSite('electricity') },
    'legalEntities[].sites[].gas_wh': { ...soFarEnergy, sources: portfolioSite('gas') },
    'legalEntities[].sites[].cost.amount': { ...soFarCost, sources: portfolioSite('all') },
    'legalEntities[].sites[].againstPreviousYear': {
      name: 'againstPreviousYear',
      version: 1,
      expression: 'E(month so far) ÷ E(same days a year before) − 1',
      unit: '1',
      sources: portfolioSite('electricity'),
    },
    'legalEntities[].sites[].savings.value': {
      name: 'siteSaving',
      version: 1,
      expression: '(Σ actual − Σ expected) ÷ Σ expected of the EnPIs of the site',
      unit: '1',
    },
    'legalEntities[].sites[].savings.halfWidth': {
      name: 'siteSavingHalfWidth',
      version: 1,
      expression: '√(model² + metering²) at the stated confidence, as a share of expected',
      unit: '1',
    },
  },
};
