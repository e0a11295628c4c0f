import { addDays } from '@wattproof/energy';
import type { FigureFormula, FigurePlace, FigureSource, Formulas } from '../figure-formula.ts';
import { daysAround, measurandUnit, nearestText, textOf } from './place.ts';

/** The meter of a series, a curve or a map over the local days that hold it. */
function seriesMeter(place: FigurePlace): FigureSource[] {
  const { owners, query, params } = place;
  const id = owners.find(({ meterId }) => typeof meterId === 'number')?.meterId ?? Number(params.meterId);
  const dated = owners.find(({ from, to }) => textOf(from) !== '' && textOf(to) !== '');
  const [from, to] = [textOf(dated?.from ?? query.from), textOf(dated?.to ?? query.to)];
  if (typeof id !== 'number' || !(id > 0) || !from || !to) return [];
  const days =
    from.length === 10 ? { from, to } : daysAround(nearestText(place, 'timeZone') || 'UTC', { from, to });
  return [{ kind: 'meters', plus: [id], ...days }];
}
/** The meter of a month's figure over that month. */
function monthMeter({ owners, params }: FigurePlace): FigureSource[] {
  const id = owners[0]?.meterId;
  const from = `${params.month}-01`;
  return typeof id === 'number'
    ? [{ kind: 'meters', plus: [id], from, to: `${addDays(from, 31).slice(0, 7)}-01` }]
    : [];
}
const unitBeside = (place: FigurePlace): string => nearestText(place, 'unit');

const point: FigureFormula = {
  name: 'seriesPoint',
  version: 1,
  expression:
    'counter: Δ = index at the end − index at the begin; gauge: mean = ∫ value dt ÷ t, lowest and highest reading',
  unit: unitBeside,
  sources: seriesMeter,
};
const heat: FigureFormula = {
  name: 'heatMapCell',
  version: 1,
  expression: 'Δ of the slot ÷ its duration; of a gauge its mean',
  unit: unitBeside,
  sources: seriesMeter,
};
const duration: FigureFormula = {
  name: 'durationCurve',
  version: 1,
  expression: 'mean rates of the base intervals, sorted falling, each as long as its interval',
  unit: unitBeside,
  sources: seriesMeter,
};
const known: FigureFormula = {
  name: 'knownTime',
  version: 1,
  expression: 'Σ duration of the intervals that are known, or not',
  sources: seriesMeter,
};
const reading = (name: 'last' | 'min' | 'max'): FigureFormula => ({
  name: name === 'last' ? 'reading' : 'extremeReading',
  version: 1,
  expression:
    name === 'last' ? 'the newest reading, as the meter reported it' : 'the lowest or highest usable reading',
  unit: unitBeside,
  sources: ({ owners, params }) => {
    const at = textOf(owners[0]?.at);
    const measurand = textOf(owners[1]?.measurand);
    return at && measurand
      ? [{ kind: 'reading', meterId: Number(params.meterId), measurand, at: new Date(at).toISOString() }]
      : [];
  },
});
const mean: FigureFormula = {
  name: 'timeMean',
  version: 1,
  expression: 'mean = ∫ value dt ÷ t over the time that neighbouring readings cover',
  unit: unitBeside,
};
const counted: FigureFormula = {
  name: 'meterEnergy',
  version: 1,
  expression: 'Δ = index at the end − index at the begin, interpolated between the nearest readings',
  unit: unitBeside,
  sources: seriesMeter,
};
const changedDay = (when: string): FigureFormula => ({
  name: 'meterDay',
  version: 1,
  expression: `energy of the day ${when} the event is taken away`,
  unit: unitBeside,
});

const billedMonth: FigureFormula = {
  name: 'billedMonth',
  version: 1,
  expression: 'Σ bills · days within the month ÷ days of the bill, before or after the bill that changed it',
};
const billedCurrency = (place: FigurePlace): string => nearestText(place, 'currency');

/** Series, maps and curves of meters, and what a meter reports. */
export const seriesFormulas: Formulas = {
  series: {
    'series[].base_s': 'operation',
    'series[].duration_s[]': 'operation',
    'series[].delta[]': point,
    'series[].mean[]': point,
    'series[].min[]': point,
    'series[].max[]': point,
  },
  'series/heat-map': {
    slot_s: 'operation',
    'values[][]': heat,
    'clockChanges[].duration_s': 'operation',
    'lowest.value': heat,
    'highest.value': heat,
  },
  'series/duration-curve': {
    'curves[].base_s': 'operation',
    'curves[].value[]': duration,
    'curves[].hours[]': { ...duration, unit: 'h' },
    'curves[].quantiles[].share': 'tick',
    'curves[].quantiles[].value': duration,
    'curves[].known_h': known,
    'curves[].missing_h': known,
    'curves[].mean': { ...duration, name: 'meanRate', expression: 'Σ Δ ÷ Σ duration' },
    'curves[].lowest.value': duration,
    'curves[].highest.value': duration,
    'curves[].loadFactor': { ...duration, name: 'loadFactor', expression: 'mean ÷ highest', unit: '1' },
  },
  'meters/{meterId}/statistics': {
    'measurands[].last.value': reading('last'),
    'measurands[].last.age_s': 'operation',
    'measurands[].min.value': reading('min'),
    'measurands[].max.value': reading('max'),
    'measurands[].mean': mean,
    'measurands[].delta': counted,
  },
  'meters/{meterId}': {
    'accuracy[].class': 'limit',
    'events[].closingIndex': 'stated',
    'events[].openingIndex': 'stated',
    'terms[].sign': 'count',
  },
  meters: { 'meters[].accuracy[].class': 'limit' },
  'meters/{meterId}/events': { 'events[].ratioBefore': 'stated', 'events[].ratioAfter': 'stated' },
  'meters/{meterId}/events/{eventId}/removal': {
    'days[].before': changedDay('before'),
    'days[].after': changedDay('after'),
  },
  'meters/{meterId}/partial-counters': { 'partialCounters[].value': counted },
  'meters/{meterId}/billing-periods': {
    baseInterval_s: 'stated',
    'periods[].delta': counted,
    'periods[].peakDemand.power_w': {
      name: 'peakDemand',
      version: 1,
      expression: 'highest Δ of a base interval ÷ its duration',
      sources: seriesMeter,
    },
  },
  'sites/{siteId}/virtual-meters': {
    'virtualMeters[].terms[].sign': 'count',
    'suggestions[].terms[].sign': 'count',
  },
  'sites/{siteId}/periods/{month}': {
    'asKnown[].delta': {
      ...counted,
      name: 'monthAsKnown',
      expression: 'Σ sealed days as they were known at the instant',
      unit: measurandUnit,
      sources: monthMeter,
    },
    'now[].delta': {
      ...counted,
      name: 'monthNow',
      expression: 'Σ sealed days in force',
      unit: measurandUnit,
      sources: monthMeter,
    },
    'billRestatements[].before.energy_kwh': billedMonth,
    'billRestatements[].before.amount': { ...billedMonth, unit: billedCurrency },
    'billRestatements[].after.energy_kwh': billedMonth,
    'billRestatements[].after.amount': { ...billedMonth, unit: billedCurrency },
    'restatements[].before': {
      ...counted,
      name: 'restatement',
      expression: 'the sealed day before it was restated',
      unit: measurandUnit,
    },
    'restatements[].after': {
      ...counted,
      name: 'restatement',
      expression: 'the sealed day after it was restated',
      unit: measurandUnit,
    },
  },
};
