/** IAPWS-IF97: the values that its release gives for the verification of programs. */
import { type CertificateCase, digitsAtLeast } from './certificate.ts';
import { saturationPressure_mpa, saturationTemperature_k, waterEnthalpy } from './steam.ts';

const about = {
  source:
    'IAPWS R7-97(2012), Industrial Formulation 1997, tables 5, 15, 35 and 36, https://iapws.org/relguide/IF97-Rev.html',
  licence: 'Published values',
} as const;

const enthalpies = [
  ['liquid', 300, 3, 115.331273],
  ['liquid', 300, 80, 184.142828],
  ['liquid', 500, 3, 975.542239],
  ['steam', 300, 0.0035, 2549.91145],
  ['steam', 700, 0.0035, 3335.68375],
  ['steam', 700, 30, 2631.49474],
] as const;
const pressures = [
  [300, 0.00353658941],
  [500, 2.63889776],
  [600, 12.3443146],
] as const;
const temperatures = [
  [0.1, 372.755919],
  [1, 453.035632],
  [10, 584.149488],
] as const;

export const steamCases: readonly CertificateCase[] = [
  {
    ...about,
    id: 'steam-enthalpy',
    title: 'Enthalpy of water and steam',
    method: 'Regions 1 and 2 by temperature and pressure, kJ/kg',
    run: () =>
      enthalpies.map(([phase, temperature_k, pressure_mpa, expected]) => {
        const found = waterEnthalpy({ pressure_mpa, temperature_c: temperature_k - 273.15 });
        return {
          name: `${phase} at ${temperature_k} K, ${pressure_mpa} MPa`,
          expected,
          obtained: found.ok ? found.enthalpy_kj_per_kg : Number.NaN,
          tolerance: digitsAtLeast(8),
        };
      }),
  },
  {
    ...about,
    id: 'steam-saturation',
    title: 'Saturation of steam',
    method: 'Region 4: pressure in MPa by temperature, temperature in K by pressure',
    run: () => [
      ...pressures.map(([k, expected]) => ({
        name: `pressure at ${k} K`,
        expected,
        obtained: saturationPressure_mpa(k),
        tolerance: digitsAtLeast(8),
      })),
      ...temperatures.map(([mpa, expected]) => ({
        name: `temperature at ${mpa} MPa`,
        expected,
        obtained: saturationTemperature_k(mpa),
        tolerance: digitsAtLeast(8),
      })),
    ],
  },
];
