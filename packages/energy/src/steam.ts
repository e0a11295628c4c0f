/**
 * Steam and water by enthalpy, IAPWS-IF97 regions 1, 2 and 4: saturated and superheated steam, condensate, boiler feed
 * water up to 623.15 K (350 °C) for liquid, 1073.15 K and 100 MPa for steam outside the near-critical region 3, which
 * no plant network meets and which is refused. Pressures are absolute, enthalpies in kJ/kg from the triple point.
 */
import { type Disqualified, finding } from './finding.ts';
import { boundary23, region1, region2Ideal, region2Residual, saturation } from './steam-coefficients.ts';

/** Specific gas constant of water, kJ/(kg K). */
const gasConstant = 0.461526;
const zeroCelsius_k = 273.15;
const leastTemperature_k = 273.15;
const liquidLimit_k = 623.15;
const steamLimit_k = 1073.15;
const greatestPressure_mpa = 100;

/** Saturation pressure in MPa of a temperature in K, 273.15 to 647.096 K (equation 30). */
export function saturationPressure_mpa(temperature_k: number): number {
  const [n1, n2, n3, n4, n5, n6, n7, n8, n9, n10] = saturation;
  const theta = temperature_k + n9 / (temperature_k - n10);
  const a = theta ** 2 + n1 * theta + n2;
  const b = n3 * theta ** 2 + n4 * theta + n5;
  const c = n6 * theta ** 2 + n7 * theta + n8;
  return ((2 * c) / (-b + Math.sqrt(b * b - 4 * a * c))) ** 4;
}

/** Saturation temperature in K of a pressure in MPa, 0.000611 to 22.064 MPa (equation 31). */
export function saturationTemperature_k(pressure_mpa: number): number {
  const [n1, n2, n3, n4, n5, n6, n7, n8, n9, n10] = saturation;
  const beta = pressure_mpa ** 0.25;
  const e = beta ** 2 + n3 * beta + n6;
  const f = n1 * beta ** 2 + n4 * beta + n7;
  const g = n2 * beta ** 2 + n5 * beta + n8;
  const d = (2 * g) / (-f - Math.sqrt(f * f - 4 * e * g));
  return (n10 + d - Math.sqrt((n10 + d) ** 2 - 4 * (n9 + n10 * d))) / 2;
}

/** Enthalpy of compressed water, h = RT·τ·γτ with τ = 1386 K/T, π = p/16.53 MPa (equation 7). */
function liquidEnthalpy(temperature_k: number, pressure_mpa: number): number {
  const tau = 1386 / temperature_k;
  const a = 7.1 - pressure_mpa / 16.53;
  const b = tau - 1.222;
  let slope = 0;
  for (const [i, j, n] of region1) slope += n * a ** i * j * b ** (j - 1);
  return gasConstant * temperature_k * tau * slope;
}

/** Enthalpy of steam, h = RT·τ·(γτ⁰ + γτʳ) with τ = 540 K/T, π = p/1 MPa (equations 15 to 17). */
function steamEnthalpy(temperature_k: number, pressure_mpa: number): number {
  const tau = 540 / temperature_k;
  let slope = 0;
  for (const [, j, n] of region2Ideal) slope += n * j * tau ** (j - 1);
  for (const [i, j, n] of region2Residual) slope += n * pressure_mpa ** i * j * (tau - 0.5) ** (j - 1);
  return gasConstant * temperature_k * tau * slope;
}

export interface WaterState {
  /** Absolute. */
  readonly pressure_mpa: number;
  readonly temperature_c: number;
}

export type Enthalpy = { readonly ok: true; readonly enthalpy_kj_per_kg: number } | Disqualified;

const refuse = (code: string, message: string, data: Readonly<Record<string, unknown>>): Disqualified => ({
  ok: false,
  disqualifications: [finding(code, message, data)],
});

/** Enthalpy of water or steam away from the saturation line; on it the share of steam must be stated. */
export function waterEnthalpy({ pressure_mpa, temperature_c }: WaterState): Enthalpy {
  const t = temperature_c + zeroCelsius_k;
  const data = { pressure_mpa, temperature_c };
  if (
    !(
      pressure_mpa > 0 &&
      pressure_mpa <= greatestPressure_mpa &&
      t >= leastTemperature_k &&
      t <= steamLimit_k
    )
  )
    return refuse('steamOutOfRange', 'Pressure or temperature is outside of the steam tables', data);
  if (t <= liquidLimit_k) {
    const isLiquid = pressure_mpa > saturationPressure_mpa(t);
    return {
      ok: true,
      enthalpy_kj_per_kg: isLiquid ? liquidEnthalpy(t, pressure_mpa) : steamEnthalpy(t, pressure_mpa),
    };
  }
  const [b1, b2, b3] = boundary23;
  // Above 863.15 K steam reaches to the greatest pressure.
  if (t < 863.15 && pressure_mpa > b1 + b2 * t + b3 * t * t)
    return refuse('steamNearCritical', 'The state is near the critical point, which is not covered', data);
  return { ok: true, enthalpy_kj_per_kg: steamEnthalpy(t, pressure_mpa) };
}

/** Enthalpy of wet or dry saturated steam at a pressure: h′ + x(h″ − h′), x the share of steam by mass. */
export function saturatedEnthalpy(pressure_mpa: number, steamShare: number): Enthalpy {
  if (!(steamShare >= 0 && steamShare <= 1))
    return refuse('steamShareOutOfRange', 'The share of steam lies between 0 and 1', { steamShare });
  const greatest = saturationPressure_mpa(liquidLimit_k);
  const least = saturationPressure_mpa(leastTemperature_k);
  if (!(pressure_mpa >= least && pressure_mpa <= greatest))
    return refuse('steamOutOfRange', 'Pressure or temperature is outside of the steam tables', {
      pressure_mpa,
      least,
      greatest,
    });
  const t = saturationTemperature_k(pressure_mpa);
  const liquid = liquidEnthalpy(t, pressure_mpa);
  return { ok: true, enthalpy_kj_per_kg: liquid + steamShare * (steamEnthalpy(t, pressure_mpa) - liquid) };
}

/** Energy handed over by a mass of steam: mass × (enthalpy supplied − enthalpy returned); 3.6 MJ are 1,000 Wh. */
export const steamEnergy_wh = (
  mass_kg: number,
  enthalpy: { readonly supplied_kj_per_kg: number; readonly returned_kj_per_kg: number },
): number => (mass_kg * (enthalpy.supplied_kj_per_kg - enthalpy.returned_kj_per_kg)) / 3.6;
