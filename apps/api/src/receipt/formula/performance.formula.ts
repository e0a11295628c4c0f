import { runningVersion } from '@wattproof/energy';
import { receiptId } from '@wattproof/evidence/receipt';
import type { FigureFormula, FigurePlace, FigureSource, Formulas } from '../figure-formula.ts';
import { currencyBeside, namedMeters, nearestText, textOf } from './place.ts';

/** The EnPI that a figure belongs to: of the route, or the nearest that the answer names. */
function enpiOf({ owners, params }: FigurePlace): FigureSource[] {
  const own = owners.find(({ enpiId }) => typeof enpiId === 'string')?.enpiId;
  const listed = owners.find((owner) => 'reporting' in owner && 'savings' in owner)?.id;
  const id = params.enpiId ?? textOf(own) ?? '';
  const enpiId = id || textOf(listed);
  return enpiId
    ? [{ kind: 'receipt', name: 'enpiSaving', id: receiptId('enpiSaving', { enpiId, of: 'energy' }) }]
    : [];
}
const of = (name: string, expression: string, unit?: FigureFormula['unit']): FigureFormula => ({
  name,
  version: 1,
  expression,
  ...(unit === undefined ? {} : { unit }),
  sources: enpiOf,
});

const actual = of('actualEnergy', 'Σ actual energy of the known days');
const expected = of('expectedEnergy', 'Σ baseline model at the conditions of each known day');
const modelHalfWidth = of(
  'modelHalfWidth',
  't · √(variance of the sum of predictions), autocorrelation taken into account',
);
const meteringHalfWidth: FigureFormula = {
  ...of('meteringHalfWidth', 'limit of the accuracy chain on the energy of the period'),
  version: runningVersion('savings'),
};
const savingShare = of('savingShare', '(actual − expected) ÷ expected', '1');
const coefficient = of(
  'coefficient',
  'least squares over the known days of the baseline',
  (place) => nearestText(place, 'unit') || '1',
);
const statistic = (expression: string): FigureFormula => of('fitStatistic', expression, '1');

const savings = (prefix: string) => ({
  [`${prefix}savings.actual_wh`]: actual,
  [`${prefix}savings.expected_wh`]: expected,
  [`${prefix}savings.share.value`]: savingShare,
  [`${prefix}savings.share.halfWidth`]: of('savingHalfWidth', '√(model² + metering²) ÷ expected', '1'),
  [`${prefix}savings.energy_wh.value`]: of('savingEnergy', 'actual − expected', 'Wh'),
  [`${prefix}savings.energy_wh.halfWidth`]: of('savingHalfWidth', '√(model² + metering²)', 'Wh'),
  [`${prefix}savings.cost.amount`]: of(
    'savingCost',
    'Σ days (actual − expected) · price(date)',
    currencyBeside,
  ),
  [`${prefix}savings.modelHalfWidth`]: { ...modelHalfWidth, unit: '1' },
  [`${prefix}savings.meteringHalfWidth`]: { ...meteringHalfWidth, unit: '1' },
  [`${prefix}savings.metering.standardUncertainty_percent`]: of(
    'meteringUncertainty',
    'limit of the chain ÷ √3, or half of a figure at k = 2; of a sum the worst of its chains',
  ),
  [`${prefix}trend[].share`]: of('monthShare', '(actual − expected) ÷ expected of the month', '1'),
  [`${prefix}trend[].halfWidth`]: of('monthHalfWidth', 'half-width of the month’s share', '1'),
});

const statistics = (prefix: string) => ({
  [`${prefix}r2`]: statistic('R² = 1 − SSE ÷ SST'),
  [`${prefix}adjustedR2`]: statistic('1 − (1 − R²)(n − 1) ÷ (n − p)'),
  [`${prefix}cvRmse`]: statistic('√(SSE ÷ (n − p)) ÷ ȳ'),
  [`${prefix}autocorrelation`]: statistic('lag-1 autocorrelation of the residuals'),
  [`${prefix}effectiveN`]: statistic('n(1 − ρ) ÷ (1 + ρ)'),
});

const normalised = (prefix: string) => ({
  [`${prefix}adjusted_wh`]: of('adjustedEnergy', 'energy of one period at the conditions of the other'),
  [`${prefix}actual_wh`]: actual,
  [`${prefix}savings_wh`]: of('saving', 'adjusted − actual'),
  [`${prefix}savings_percent`]: of('savingPercent', '100 · (adjusted − actual) ÷ adjusted'),
  [`${prefix}senpi`]: of('senpi', 'actual ÷ adjusted', '1'),
  [`${prefix}modelHalfWidth_wh`]: modelHalfWidth,
  [`${prefix}meteringHalfWidth_wh`]: meteringHalfWidth,
  [`${prefix}halfWidth_wh`]: of('savingHalfWidth', '√(model² + metering²)'),
  [`${prefix}halfWidth_percent`]: of('savingHalfWidth', '100 · √(model² + metering²) ÷ adjusted'),
});

const running = (prefix: string) => ({
  [`${prefix}actual_wh`]: of('runningActual', 'Σ actual of the months up to and including it'),
  [`${prefix}expected_wh`]: of('runningExpected', 'Σ expected of the months up to and including it'),
  [`${prefix}savings_wh`]: of('runningSaving', 'Σ expected − Σ actual'),
  [`${prefix}savings_percent`]: of('runningSaving', '100 · (Σ expected − Σ actual) ÷ Σ expected'),
});

const sum = (name: string, expression: string, unit?: string): FigureFormula => ({
  name,
  version: 1,
  expression,
  ...(unit === undefined ? {} : { unit }),
  sources: (place) =>
    ((place.owners.at(-1)?.parts ?? []) as readonly Part[])
      .filter(({ isIncluded }) => isIncluded)
      .map(({ enpiId, name: of }) => ({
        kind: 'receipt',
        name: of,
        id: receiptId('enpiSaving', { enpiId, of: 'energy' }),
      })),
});
interface Part {
  readonly enpiId: string;
  readonly name: string;
  readonly isIncluded: boolean;
}

const seuEnergy: FigureFormula = {
  name: 'useEnergy',
  version: 1,
  expression: 'E = Σ meters of the use Σ days Δ, as gross energy',
  sources: namedMeters,
};
const seuShare: FigureFormula = {
  name: 'useShare',
  version: 1,
  expression: 'value of the use ÷ Σ values on the chosen basis',
  unit: '1',
  sources: namedMeters,
};
const degreeDays: FigureFormula = {
  name: 'degreeDays',
  version: 1,
  expression: 'Σ days max(0, base − mean) by the convention; cooling: max(0, mean − base)',
  unit: 'K·d',
};

const termFigures = (prefix: string) => ({
  [`${prefix}coefficient`]: coefficient,
  [`${prefix}standardError`]: { ...coefficient, name: 'standardError', expression: 'σ · √((XᵀX)⁻¹)ᵢᵢ' },
  [`${prefix}t`]: statistic('coefficient ÷ standard error'),
  [`${prefix}p`]: statistic('two-sided probability of |t|'),
});

/** EnPIs, baselines, significant uses and what they are computed with. */
export const performanceFormulas: Formulas = {
  enpis: savings('enpis[].'),
  'enpis/{enpiId}': {
    ...savings(''),
    ...termFigures('model.terms[].'),
    'model.heatingBase_c': of('baseTemperature', 'the base at which the fit is best', '°C'),
    'model.coolingBase_c': of('baseTemperature', 'the base at which the fit is best', '°C'),
    ...statistics('model.statistics.'),
    ...statistics('candidates[].statistics.'),
    'candidates[].deltaBic': statistic('n·ln(SSE/n) + p·ln n, minus that of the best'),
    'months[].actual_wh': of('monthActual', 'Σ actual energy of the known days of the month'),
    'months[].expected_wh': of('monthExpected', 'Σ expected energy of the known days of the month'),
    'months[].halfWidth_wh': of('monthHalfWidth', '√(model² + metering²) of the month'),
    'days[].actual_wh': of('dayActual', 'Σ meters Δ of the day'),
    'days[].expected_wh': of('dayExpected', 'baseline model at the conditions of the day'),
    'days[].temperature_c': of('dayTemperature', 'mean outdoor temperature of the local day'),
    'days[].production_g': of('dayProduction', 'production of the local day'),
    'days[].cusum_wh': of('cusum', 'Σ (actual − expected) since the start of reporting'),
    'days[].cusumBand_wh': of('cusumBand', 'half-width of the band within which no change is seen'),
  },
  'enpis/{enpiId}/performance': {
    'definition.confidence': 'stated',
    ...normalised('methods[].performance.'),
    'methods[].performance.confidence': 'stated',
    ...running('rollingYear[].'),
    ...running('yearToDate[].'),
    'changes[].meanDifference_wh': of('meanDifference', 'mean of actual − expected since the change'),
    'targets[].target.saving_percent': 'stated',
    'targets[].actual_wh': of('targetActual', 'Σ actual of the known days of the target’s period'),
    'targets[].expected_wh': of('targetExpected', 'Σ expected of the same days'),
    'targets[].halfWidth_wh': of('targetHalfWidth', '√(model² + metering²)'),
    'targets[].allowed_wh': of('targetAllowed', 'expected · (1 − target)'),
    'targets[].margin_wh': of('targetMargin', 'allowed − actual'),
    'targets[].reached_percent': of('targetReached', '100 · (expected − actual) ÷ expected'),
    'adjustments[].energy_wh': of('adjustment', 'effect a day · days within the period'),
  },
  'enpis/{enpiId}/enbs': {
    'enbs[].choice.baseLoadShare': 'stated',
    ...termFigures('enbs[].terms[].'),
    'enbs[].terms[].base_c': of('baseTemperature', 'the base at which the fit is best', '°C'),
    'enbs[].terms[].baseStandardError_c': of('baseTemperature', 'standard error of the base', '°C'),
    'enbs[].terms[].range.min': coefficient,
    'enbs[].terms[].range.max': coefficient,
    'enbs[].terms[].range.mean': coefficient,
    ...statistics('enbs[].statistics.'),
    'enbs[].statistics.cvRmseSlopesOnly': statistic('√(SSE ÷ (n − slopes)) ÷ ȳ'),
    'enbs[].statistics.nmbe': statistic('Σ(actual − model) ÷ ((n − p)·ȳ)'),
    'enbs[].statistics.f': statistic('F of the regression'),
    'enbs[].statistics.fP': statistic('probability of F'),
    'enbs[].statistics.sigma_wh': of('sigma', '√(SSE ÷ (n − p))'),
    'enbs[].result.actual_wh': actual,
    'enbs[].result.expected_wh': expected,
    'enbs[].result.savings_wh': of('saving', 'expected − actual'),
    'enbs[].result.savings_percent': of('savingPercent', '100 · (expected − actual) ÷ expected'),
    'enbs[].result.halfWidth_wh': of('savingHalfWidth', '√(model² + metering²)'),
    'enbs[].result.halfWidth_percent': of('savingHalfWidth', '100 · √(model² + metering²) ÷ expected'),
  },
  performance: {
    confidence: 'stated',
    'total.adjusted_kwh': sum('sumOfAdjusted', 'Σ EnPIs adjusted · factor'),
    'total.actual_kwh': sum('sumOfActual', 'Σ EnPIs actual · factor'),
    'total.savings_kwh.value': sum('sumOfSavings', 'Σ adjusted − Σ actual', 'kWh'),
    'total.savings_kwh.halfWidth': sum('sumHalfWidth', '√(Σ model² + (Σ metering)²)', 'kWh'),
    'total.savings_percent': sum('sumPercent', '100 · (Σ adjusted − Σ actual) ÷ Σ adjusted'),
    'total.senpi': sum('senpi', 'Σ actual ÷ Σ adjusted', '1'),
    'total.modelHalfWidth_kwh': sum('modelHalfWidth', '√(Σ model²)'),
    'total.meteringHalfWidth_kwh': sum('meteringHalfWidth', 'Σ metering'),
    'parts[].adjusted_kwh': of('partAdjusted', 'adjusted · factor'),
    'parts[].actual_kwh': of('partActual', 'actual · factor'),
    'parts[].halfWidth_kwh': of('partHalfWidth', 'half-width · factor'),
  },
  adjustments: {
    'adjustments[].evidenceFiles[].size_bytes': 'operation',
    'adjustments[].effects[].energy_wh_per_day': 'stated',
    'adjustments[].effects[].halfWidth_wh_per_day': 'stated',
    'adjustments[].effectOnEnpis[].energy_wh_per_day': 'stated',
    'adjustments[].effectOnEnpis[].energy_wh': of('adjustment', 'effect a day · days within the period'),
    'adjustments[].effectOnEnpis[].savingsBefore_percent': of('savingPercent', 'saving without the event'),
    'adjustments[].effectOnEnpis[].savingsAfter_percent': of('savingPercent', 'saving with the event'),
  },
  'sites/{siteId}/seus': {
    threshold: 'stated',
    'items[].energy_kwh': seuEnergy,
    'items[].cost.amount': {
      ...seuEnergy,
      name: 'useCost',
      expression: 'Σ days Δ · price(date)',
      unit: currencyBeside,
    },
    'items[].carbon_kg': {
      ...seuEnergy,
      name: 'useCarbon',
      expression: 'E · emission factor of the carrier and year',
    },
    'items[].potential_percent': 'stated',
    'items[].potential_kwh': { ...seuEnergy, name: 'potential', expression: 'E · stated potential' },
    'items[].share': seuShare,
    'items[].cumulativeShare': { ...seuShare, expression: 'Σ shares down to this rank' },
    'seus[].potential_percent': 'stated',
    'seus[].performance.savings_percent': of('savingPercent', '100 · (expected − actual) ÷ expected'),
    'seus[].performance.halfWidth_percent': of('savingHalfWidth', '100 · √(model² + metering²) ÷ expected'),
    'reviews[].threshold': 'stated',
  },
  'sites/{siteId}/degree-days': {
    'convention.base_c': 'limit',
    'convention.limit_c': 'limit',
    'conventions[].base_c': 'limit',
    'conventions[].limit_c': 'limit',
    'source.distance_km': 'stated',
    'days[].mean_c': {
      ...degreeDays,
      name: 'dayTemperature',
      expression: 'mean of the local day',
      unit: '°C',
    },
    'days[].degreeDays': degreeDays,
    'months[].degreeDays': degreeDays,
  },
  'variables/{variableId}/values': { 'values[].value': 'stated' },
  'weather-stations': {
    'stations[].latitude': 'stated',
    'stations[].longitude': 'stated',
    'stations[].elevation_m': 'stated',
    'stations[].sites[].distance_km': {
      name: 'distance',
      version: 1,
      expression: 'great circle between station and site',
    },
  },
  certificate: {
    duration_ms: 'operation',
    'cases[].checks[].expected': 'trial',
    'cases[].checks[].obtained': 'trial',
    'cases[].checks[].difference': 'trial',
    'cases[].checks[].digits': 'trial',
    'cases[].checks[].tolerance.least': 'trial',
    'cases[].checks[].tolerance.greatest': 'trial',
  },
};
