/**
 * Change-point and CalTRACK models as baselines that every calculation of savings can use: linear in their
 * coefficients, with the tangent of each estimated change point beside them.
 */
import type { BaselineRows } from './baseline-rows.ts';
import type { LocalDate } from './calendar.ts';
import type { CaltrackRow } from './caltrack-design.ts';
import { caltrackCelsius, fitCaltrack } from './caltrack-model.ts';
import { type ChangePointForm, type ChangePointModel, fitChangePoint } from './change-point.ts';
import {
  type EnbModel,
  type EnbModelForm,
  isTangent,
  type VariableDefinition,
  variableColumn,
} from './enb.ts';
import { type Finding, finding } from './finding.ts';
import type { FittedBaseline } from './ratio-baseline.ts';
import { type RegressionFit, regress } from './regression.ts';
import { sepFindings, variableRange } from './sep.ts';

const day_ms = 86_400_000;

function variablesOf({ slope, heating, cooling }: ChangePointModel): readonly VariableDefinition[] {
  return [
    ...(slope ? [{ kind: 'temperature', name: 'temperature' } as const] : []),
    ...(heating ? [{ kind: 'heating', name: 'hdd', base_c: heating.changePoint.value } as const] : []),
    ...(cooling ? [{ kind: 'cooling', name: 'cdd', base_c: cooling.changePoint.value } as const] : []),
    ...(heating
      ? [
          {
            kind: 'heatingPoint',
            name: 'heatingPoint',
            base_c: heating.changePoint.value,
            slope: heating.slope.value,
          } as const,
        ]
      : []),
    ...(cooling
      ? [
          {
            kind: 'coolingPoint',
            name: 'coolingPoint',
            base_c: cooling.changePoint.value,
            slope: cooling.slope.value,
          } as const,
        ]
      : []),
  ];
}

interface Design {
  readonly fit: RegressionFit;
  readonly variables: readonly VariableDefinition[];
}

/** The regression in all parameters at once; without the tangents where the data does not tell where a point lies. */
function design(rows: BaselineRows, variables: readonly VariableDefinition[]): Design | readonly Finding[] {
  const fitted = (list: readonly VariableDefinition[]) =>
    regress({
      y: rows.y,
      variables: list.map((definition) => ({ name: definition.name, values: rows.column(definition) })),
      ordinal: rows.ordinal,
      ...(rows.weights ? { weights: rows.weights } : {}),
    });
  const whole = fitted(variables);
  if (whole.ok) return { fit: whole, variables };
  const plain = variables.filter((definition) => !isTangent(definition));
  const rest = fitted(plain);
  return rest.ok ? { fit: rest, variables: plain } : rest.disqualifications;
}

function modelOf(rows: BaselineRows, { fit, variables }: Design, form: EnbModelForm): EnbModel {
  const { dates } = rows.days;
  const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const shown = fit.coefficients.filter(
    (_, k) => k === 0 || !isTangent(variables[k - 1] as VariableDefinition),
  );
  const sep = sepFindings({ ...fit, coefficients: shown });
  return {
    form,
    formVersion: 1,
    ...(rows.granularity === 'month' ? { granularity: 'month' as const } : {}),
    baseline: { from: dates[0] as LocalDate, to: dates[dates.length - 1] as LocalDate },
    variables,
    coefficients: fit.coefficients.map(({ name, value, standardError, p }, k) => {
      const isOfPoint = k > 0 && isTangent(variables[k - 1] as VariableDefinition);
      // At the best change point the tangent's coefficient is the rounding of zero.
      return { name, value: isOfPoint ? 0 : value, standardError, p: isOfPoint ? null : orNull(p) };
    }),
    unscaledCovariance: fit.unscaledCovariance,
    ranges: variables.map((definition) =>
      variableRange(definition.name, variableColumn(definition, rows.days)),
    ),
    n: fit.n,
    dfResidual: fit.dfResidual,
    sse: fit.sse,
    sigma_wh: fit.sigma,
    yMean_wh: fit.yMean,
    r2: fit.slopes === 0 ? 0 : fit.r2,
    adjustedR2: fit.slopes === 0 ? 0 : fit.adjustedR2,
    cvRmse: fit.cvRmse,
    f: orNull(fit.f),
    fP: orNull(fit.fP),
    autocorrelation: Number.isNaN(fit.autocorrelation) ? 0 : fit.autocorrelation,
    sep: { valid: sep.length === 0, findings: sep },
  };
}

const refuse = (...disqualifications: readonly Finding[]) => ({ ok: false, disqualifications }) as const;

const noTemperature = (): Finding =>
  finding('noTemperature', 'No outdoor temperature is known, so that no degree days were tried');

/** A change point bends within a month: the mean of a month says little about it, so days are asked for. */
export function changePointBaseline(
  rows: BaselineRows,
  form: Exclude<ChangePointForm, 'mean'>,
): FittedBaseline {
  const { temperature_c } = rows.days;
  if (!temperature_c) return refuse(noTemperature());
  if (rows.granularity === 'month' && form !== '2P')
    return refuse(
      finding('changePointNeedsDays', 'A change point is looked for in days, not in months', { form }),
    );
  const found = fitChangePoint(
    {
      energy: rows.y,
      temperature: rows.column({ kind: 'temperature', name: 'temperature' }),
      ordinal: rows.ordinal,
      ...(rows.weights ? { weights: rows.weights } : {}),
    },
    form,
  );
  if (!found.ok) return found;
  const made = design(rows, variablesOf(found.model));
  if (!('fit' in made)) return refuse(...made);
  const refused = found.warnings.filter(({ code }) => code === 'negativeSlope');
  return {
    ok: true,
    model: modelOf(rows, made, form),
    refused,
    warnings: found.warnings.filter(({ code }) => code !== 'negativeSlope'),
  };
}

/** Rows as CalTRACK takes them: a day, or a calendar month with the temperatures of its days. */
export function caltrackRows(rows: BaselineRows): readonly CaltrackRow[] {
  const temperatures = rows.days.temperature_c ?? [];
  let first = 0;
  return rows.dates.map((date, i) => {
    const days = rows.weights?.[i] ?? 1;
    const start_ms = Date.parse(`${date}T00:00:00Z`);
    const row = {
      start_ms,
      end_ms: start_ms + days * day_ms,
      days,
      usagePerDay: rows.y[i] as number,
      dayTemperatures: Float64Array.from({ length: days }, (_, d) => temperatures[first + d] as number),
      daysDropped: 0,
    };
    first += days;
    return row;
  });
}

/** Usage per day of CalTRACK 2.0 by its own choice of balance points, with our own covariance beside it. */
export function caltrackBaseline(rows: BaselineRows): FittedBaseline {
  if (!rows.days.temperature_c) return refuse(noTemperature());
  const isMonthly = rows.granularity === 'month';
  const found = fitCaltrack(caltrackRows(rows), caltrackCelsius(isMonthly ? 'billing' : 'daily'));
  if (!found.ok) return found;
  const { heating, cooling } = found.model;
  const made = design(rows, [
    ...(heating ? [{ kind: 'heating', name: 'hdd', base_c: heating.balancePoint } as const] : []),
    ...(cooling ? [{ kind: 'cooling', name: 'cdd', base_c: cooling.balancePoint } as const] : []),
  ]);
  if (!('fit' in made)) return refuse(...made);
  return {
    ok: true,
    model: modelOf(rows, made, isMonthly ? 'caltrackMonthly' : 'caltrackDaily'),
    refused: [],
    warnings: heating || cooling ? [] : [finding('noRelevantVariable', 'The model has no variable')],
  };
}
