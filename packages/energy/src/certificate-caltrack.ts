/** OpenEEmeter 3.1.1 (CalTRACK 2.0): published savings, bands and metrics of its sample meters. */
import { meteredSavings, modelledSavings } from './caltrack.ts';
import {
  type CaltrackRow,
  caltrackDesign,
  defaultCaltrackDesign,
  type HourlyTemperatures,
  type UsagePeriod,
} from './caltrack-design.ts';
import {
  caltrackHourlyExpected,
  caltrackHourlyFahrenheit,
  fitCaltrackHourly,
  type HourlyUsage,
} from './caltrack-hourly.ts';
import {
  type CaltrackInterval,
  type CaltrackModel,
  caltrackFahrenheit,
  caltrackPerDay,
  fitCaltrack,
} from './caltrack-model.ts';
import {
  type CertificateCase,
  type CertificateQuantity,
  csvRows,
  printed,
  type ReadInput,
} from './certificate.ts';
import { resampleEnergy } from './energy-resample.ts';
import { autocorrelationTerms, fitMetrics } from './fit-metrics.ts';

const hour_ms = 3_600_000;
const day_ms = 24 * hour_ms;
const baselineEnd_ms = Date.UTC(2016, 11, 26);
const reportingStart_ms = Date.UTC(2017, 0, 4);
/** Its billing design uses temperatures of the first 35 days of a period. */
const billingDesign = { ...defaultCaltrackDesign, greatestReach_days: 35 };

const about = {
  source: 'OpenEEmeter 3.1.1, sample meters and tests, https://github.com/openeemeter/eemeter',
  licence: 'Apache-2.0',
} as const;

interface Published {
  readonly [caseName: string]: { readonly [name: string]: number };
}
const publishedOf = (read: ReadInput, name: string): Record<string, number> => {
  const all: Published = JSON.parse(read('caltrack_il/expected.json')).published;
  const key = Object.keys(all).find((candidate) => candidate.startsWith(`${name} `));
  if (!key) throw new Error(`No published case ${name}`);
  return all[key] as Record<string, number>;
};

function temperaturesOf(read: ReadInput): HourlyTemperatures {
  const rows = csvRows(read('caltrack_il/il-tempF.csv.gz'));
  return { start_ms: Date.parse(rows[0]?.[0] ?? ''), values: rows.map(([, value]) => Number(value)) };
}

/** Periods of a sample; the last line only closes the one before. `utcDays`: starts are moved to the UTC day. */
function periodsOf(read: ReadInput, name: string, utcDays: boolean): readonly UsagePeriod[] {
  const rows = csvRows(read(`caltrack_il/${name}.csv.gz`)).map(([at, value]) => {
    const at_ms = Date.parse(at ?? '');
    return { at_ms: utcDays ? Math.floor(at_ms / day_ms) * day_ms : at_ms, energy: Number(value) };
  });
  return rows.slice(0, -1).map(({ at_ms, energy }, i) => ({
    start_ms: at_ms,
    end_ms: rows[i + 1]?.at_ms as number,
    energy,
  }));
}

const between = (periods: readonly UsagePeriod[], from_ms: number, to_ms: number): readonly UsagePeriod[] =>
  periods.filter(({ start_ms, end_ms }) => start_ms >= from_ms && end_ms <= to_ms);

function modelOf(rows: readonly CaltrackRow[], interval: CaltrackInterval): CaltrackModel {
  const fit = fitCaltrack(rows, caltrackFahrenheit(interval));
  if (!fit.ok) throw new Error(fit.disqualifications.map(({ message }) => message).join('; '));
  return fit.model;
}

function dailyModel(read: ReadInput, from_ms: number): CaltrackModel {
  const periods = periodsOf(read, 'il-electricity-cdd-hdd-daily', true);
  const rows = caltrackDesign(between(periods, from_ms, from_ms + 365 * day_ms), temperaturesOf(read));
  return modelOf(rows, 'daily');
}
const baselineDaily = (read: ReadInput): CaltrackModel => dailyModel(read, baselineEnd_ms - 365 * day_ms);

function billingModel(read: ReadInput, less: number): CaltrackModel {
  const periods = between(
    periodsOf(read, 'il-electricity-cdd-hdd-billing_monthly', false),
    baselineEnd_ms - 365 * day_ms,
    baselineEnd_ms,
  ).map((period) => ({ ...period, energy: period.energy - less }));
  return modelOf(caltrackDesign(periods, temperaturesOf(read), billingDesign), 'billing');
}

/** Hours whose temperature steps from day to day; the last day has its first hour only. */
const stepped = (start_ms: number, dayTemperatures: readonly number[]): HourlyTemperatures => ({
  start_ms,
  values: Array.from(
    { length: (dayTemperatures.length - 1) * 24 + 1 },
    (_, hour) => dayTemperatures[Math.floor(hour / 24)] as number,
  ),
});
const sixtyDays = Array.from({ length: 60 }, (_, i) => 30 + i);
const winter2011 = stepped(Date.UTC(2011, 0, 1), sixtyDays);

const daysFrom = (start_ms: number, count: number, energy: number): readonly UsagePeriod[] =>
  Array.from({ length: count }, (_, i) => ({
    start_ms: start_ms + i * day_ms,
    end_ms: start_ms + (i + 1) * day_ms,
    energy,
  }));
const reportingDays = caltrackDesign(daysFrom(winter2011.start_ms, 59, 1), winter2011);

const toCents = (
  name: string,
  expected: number | undefined,
  obtained: number | null,
): CertificateQuantity => ({
  name,
  expected: expected ?? Number.NaN,
  obtained: obtained ?? Number.NaN,
  tolerance: printed(2),
});

function hourlyUsage(read: ReadInput): readonly HourlyUsage[] {
  const temperatures = temperaturesOf(read);
  return csvRows(read('caltrack_il/il-electricity-cdd-hdd-hourly.csv.gz')).map(([at, value]) => {
    const start_ms = Date.parse(at ?? '');
    return {
      start_ms,
      energy: Number(value),
      temperature: temperatures.values[(start_ms - temperatures.start_ms) / hour_ms] ?? Number.NaN,
    };
  });
}

function hourlyModel(usage: readonly HourlyUsage[], from_ms: number) {
  const hours = usage.filter(({ start_ms }) => start_ms >= from_ms && start_ms < from_ms + 365 * day_ms);
  const fit = fitCaltrackHourly(hours, 'UTC', caltrackHourlyFahrenheit);
  if (!fit.ok) throw new Error(fit.disqualifications.map(({ message }) => message).join('; '));
  return fit.model;
}

export const caltrackCases: readonly CertificateCase[] = [
  {
    ...about,
    id: 'caltrack-daily-metered',
    title: 'CalTRACK daily, metered savings',
    method: 'Degree-day model over 1,891 pairs of balance points; FSU band at 90 %',
    run: (read) => {
      const { metered_savings_sum, FSU_error_band } = publishedOf(read, 'P1');
      const { savings, halfWidth } = meteredSavings(baselineDaily(read), reportingDays);
      return [
        toCents('metered savings', metered_savings_sum, savings),
        toCents('FSU band', FSU_error_band, halfWidth),
      ];
    },
  },
  {
    ...about,
    id: 'caltrack-billing-metered',
    title: 'CalTRACK billing, metered savings',
    method: 'Monthly bills weighted by their days; two reporting months with temperatures, ten without',
    run: (read) => {
      const starts = Array.from({ length: 13 }, (_, month) => Date.UTC(2011, month, 1));
      const months = starts
        .slice(1)
        .map((end_ms, i) => ({ start_ms: starts[i] as number, end_ms, energy: 1 }));
      const rows = caltrackDesign(months, winter2011, billingDesign);
      const { savings } = meteredSavings(billingModel(read, 0), rows);
      return [toCents('metered savings', publishedOf(read, 'P2').metered_savings_sum, savings)];
    },
  },
  {
    ...about,
    id: 'caltrack-fixed-balance-points',
    title: 'CalTRACK daily, fixed balance points',
    method: 'Candidates and prediction of a year with 60 °F for heating and 65 °F for cooling',
    run: (read) => {
      const periods = between(
        periodsOf(read, 'il-electricity-cdd-hdd-daily', true),
        baselineEnd_ms - 365 * day_ms,
        baselineEnd_ms,
      );
      const fit = fitCaltrack(caltrackDesign(periods, temperaturesOf(read)), {
        ...caltrackFahrenheit('daily'),
        heatingBalancePoints: [60],
        coolingBalancePoints: [65],
      });
      if (!fit.ok) throw new Error(fit.disqualifications.map(({ message }) => message).join('; '));
      const start_ms = Date.UTC(2011, 0, 1);
      const year = { start_ms, values: Array.from({ length: 8760 }, (_, hour) => 50 + (30 * hour) / 8760) };
      const rows = caltrackDesign(daysFrom(start_ms, 365, Number.NaN), year);
      const { predicted_sum, candidates } = publishedOf(read, 'P3');
      return [
        toCents(
          'predicted energy',
          predicted_sum,
          rows.reduce((sum, row) => sum + caltrackPerDay(fit.model, row), 0),
        ),
        {
          name: 'candidates',
          expected: candidates ?? Number.NaN,
          obtained: fit.candidates.length,
          tolerance: { kind: 'exact' },
        },
      ];
    },
  },
  {
    ...about,
    id: 'caltrack-daily-modelled',
    title: 'CalTRACK daily, modelled savings',
    method: 'Two models at the same temperatures; bands of both, together by squares',
    run: (read) => {
      const found = modelledSavings(
        { baseline: baselineDaily(read), reporting: dailyModel(read, reportingStart_ms) },
        reportingDays,
      );
      const published = publishedOf(read, 'P4');
      return [
        toCents('modelled savings', published.modeled_savings_sum, found.savings),
        toCents('FSU band of the baseline', published.FSU_error_band_baseline, found.baselineHalfWidth),
        toCents(
          'FSU band of the reporting period',
          published.FSU_error_band_reporting,
          found.reportingHalfWidth,
        ),
        toCents('FSU band', published.FSU_error_band, found.halfWidth),
      ];
    },
  },
  {
    ...about,
    id: 'caltrack-billing-modelled',
    title: 'CalTRACK billing, modelled savings',
    method: 'Two billing models at the temperatures of a normal year',
    run: (read) => {
      const start_ms = Date.UTC(2015, 0, 1);
      const year = stepped(
        start_ms,
        csvRows(read('caltrack_il/normal-year.csv')).map(([value]) => Number(value)),
      );
      const rows = caltrackDesign(daysFrom(start_ms, 364, Number.NaN), year, billingDesign);
      const found = modelledSavings(
        { baseline: billingModel(read, 0), reporting: billingModel(read, 50) },
        rows,
      );
      const published = publishedOf(read, 'P5');
      return [
        toCents('modelled savings', published.modeled_savings_sum, found.savings),
        toCents('FSU band', published.FSU_error_band, found.halfWidth),
      ];
    },
  },
  {
    ...about,
    id: 'caltrack-resampling',
    title: 'Energy is kept when it is resampled',
    method: 'Bills spread over hours and days keep their sum',
    run: (read) => {
      const bills = periodsOf(read, 'il-electricity-cdd-hdd-billing_monthly', false);
      const from_ms = bills[0]?.start_ms as number;
      const to_ms = bills.at(-1)?.end_ms as number;
      const sumBy = (width_ms: number): number => {
        const count = Math.ceil((to_ms - from_ms) / width_ms);
        const boundaries = Array.from({ length: count + 1 }, (_, i) =>
          Math.min(from_ms + i * width_ms, to_ms),
        );
        return resampleEnergy(bills, boundaries).reduce((sum, { energy }) => sum + energy, 0);
      };
      const values = (name: string): number[] =>
        csvRows(read(`caltrack_il/${name}.csv.gz`)).map(([, value]) => Number(value));
      const total = (numbers: readonly number[]): number =>
        numbers.filter((value) => !Number.isNaN(value)).reduce((sum, value) => sum + value, 0);
      const quantity = (name: string, expected: number, obtained: number): CertificateQuantity => ({
        name,
        expected,
        obtained,
        tolerance: printed(1),
      });
      return [
        quantity(
          'bills',
          21290.2,
          bills.reduce((sum, { energy }) => sum + energy, 0),
        ),
        quantity('bills by hours', 21290.2, sumBy(hour_ms)),
        quantity('bills by days', 21290.2, sumBy(day_ms)),
        quantity('hourly meter', 21926.0, total(values('il-electricity-cdd-hdd-hourly').slice(0, -1))),
        quantity('daily meter', 21925.8, total(values('il-electricity-cdd-hdd-daily'))),
      ];
    },
  },
  {
    ...about,
    id: 'caltrack-metrics',
    title: 'Statistics of fit',
    method: 'Observed 1, 3, 4, 1, 6; predicted 2, 3, 3, 2, 4; two parameters; 90 %',
    run: (read) => {
      const metrics = fitMetrics([1, 3, 4, 1, 6], [2, 3, 3, 2, 4], 2);
      const terms = autocorrelationTerms(metrics, 2, 0.9);
      const published = publishedOf(read, 'P7');
      const obtained: Readonly<Record<string, number>> = {
        'r_squared(corr^2)': metrics.correlationR2,
        r_squared_adj: metrics.adjustedR2,
        cvrmse: metrics.cvRmse,
        cvrmse_adj: metrics.cvRmseAdjusted,
        mape: metrics.mape,
        nmae: metrics.nmae,
        // That program's residual is predicted − observed.
        nmbe: -metrics.nmbe,
        autocorr_lag1: metrics.autocorrelation,
        n_prime: metrics.effectiveCount,
        "df_round(n'-k)": terms.degreesOfFreedom,
        t_stat_90: terms.t,
        "sqrt((n-k)/(n'-k))": terms.cvRmseFactor,
        "sqrt(1+2/n')": terms.approximationFactor,
      };
      return Object.entries(obtained).map(([name, value]) => ({
        name,
        expected: published[name] ?? Number.NaN,
        obtained: value,
        tolerance: printed(3),
      }));
    },
  },
  {
    ...about,
    id: 'caltrack-hourly',
    title: 'CalTRACK hourly, time of week and temperature',
    method: 'Twelve three-month models with occupancy and temperature bins; metered and modelled savings',
    run: (read) => {
      const usage = hourlyUsage(read);
      const baseline = hourlyModel(usage, baselineEnd_ms - 365 * day_ms);
      const reporting = hourlyModel(usage, reportingStart_ms);
      let metered = 0;
      let modelled = 0;
      for (let hour = 0; hour < winter2011.values.length; hour++) {
        const at_ms = winter2011.start_ms + hour * hour_ms;
        const temperature = winter2011.values[hour] as number;
        const expected = caltrackHourlyExpected(baseline, at_ms, temperature);
        metered += expected - 1;
        modelled += expected - caltrackHourlyExpected(reporting, at_ms, temperature);
      }
      const published = publishedOf(read, 'P8');
      return [
        toCents('metered savings', published.metered_savings_sum, metered),
        toCents('modelled savings', published.modeled_savings_sum, modelled),
      ];
    },
  },
];
