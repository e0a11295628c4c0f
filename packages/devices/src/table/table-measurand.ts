import { findMeasurand, type MeasurandName, measurandOf, type Unit } from '@wattproof/energy';

/** A factor as a fraction of integers: what one of a unit is in the measurand's unit. */
export interface UnitFactor {
  readonly unit: Unit;
  readonly multiply: number;
  readonly divide: number;
}

const prefixes = {
  '': [1, 1],
  m: [1, 1000],
  k: [1000, 1],
  M: [1_000_000, 1],
  G: [1_000_000_000, 1],
} as const;
const prefixed: readonly (readonly [string, Unit])[] = [
  ['varh', 'varh'],
  ['VAh', 'VAh'],
  ['Wh', 'Wh'],
  ['var', 'var'],
  ['VA', 'VA'],
  ['W', 'W'],
  ['V', 'V'],
  ['A', 'A'],
  ['Hz', 'Hz'],
];
const plain: Readonly<Record<string, UnitFactor>> = {
  '': { unit: '1', multiply: 1, divide: 1 },
  '-': { unit: '1', multiply: 1, divide: 1 },
  '%': { unit: '%', multiply: 1, divide: 1 },
  '°C': { unit: '°C', multiply: 1, divide: 1 },
  h: { unit: 's', multiply: 3600, divide: 1 },
  min: { unit: 's', multiply: 60, divide: 1 },
  s: { unit: 's', multiply: 1, divide: 1 },
  l: { unit: 'l', multiply: 1, divide: 1 },
  'm³': { unit: 'l', multiply: 1000, divide: 1 },
  m3: { unit: 'l', multiply: 1000, divide: 1 },
  g: { unit: 'g', multiply: 1, divide: 1 },
  kg: { unit: 'g', multiply: 1000, divide: 1 },
  t: { unit: 'g', multiply: 1_000_000, divide: 1 },
};

/** What a printed unit is: `kW` is 1000 W, `mA` a thousandth of an ampere, `h` 3600 s. Undefined where it is unknown. */
export function unitFactorOf(text: string): UnitFactor | undefined {
  const known = plain[text.trim()];
  if (known) return known;
  for (const [name, unit] of prefixed)
    for (const [prefix, [multiply, divide]] of Object.entries(prefixes))
      if (text.trim().toLowerCase() === `${prefix}${name}`.toLowerCase() && startsLike(text.trim(), prefix))
        return { unit, multiply, divide };
  return undefined;
}

/** `mW` and `MW` differ by their first letter only; of the rest makers write every spelling (`kVAr`, `KWh`). */
const startsLike = (text: string, prefix: string): boolean =>
  prefix === '' || (prefix === 'k' || prefix === 'G' ? true : text.startsWith(prefix));

/** Whether a register in that unit can be that measurand. */
export const unitFits = (measurand: MeasurandName, factor: UnitFactor): boolean =>
  measurandOf(measurand).unit === factor.unit;

const phases = ['1', '2', '3'] as const;

/** Descriptions of Legrand's and Socomec's tables, with their measurands; the first that matches counts. */
const patterns: readonly (readonly [RegExp, MeasurandName])[] = [
  ...(
    [
      ['12|1-2', 'l1_l2'],
      ['23|2-3', 'l2_l3'],
      ['31|3-1|13', 'l3_l1'],
    ] as const
  ).map(([pair, name]): readonly [RegExp, MeasurandName] => [
    new RegExp(`^(phase to phase voltage|line voltage|compound voltage|voltage)\\W*u(${pair})$`),
    `voltage_${name}_v`,
  ]),
  ...phases.flatMap((n): readonly (readonly [RegExp, MeasurandName])[] => [
    [
      new RegExp(`^(simple voltage|phase to neutral voltage|phase voltage|voltage)\\W*v${n}n?$`),
      `voltage_l${n}_n_v`,
    ],
    [new RegExp(`^(phase )?current\\W*i${n}$`), `current_l${n}_a`],
    [new RegExp(`^active power( phase ${n}|\\W*p${n})$`), `active_power_l${n}_w`],
    [new RegExp(`^reactive power( phase ${n}|\\W*q${n})$`), `reactive_power_l${n}_var`],
    [new RegExp(`^power factor( phase ${n}|\\W*pf${n})$`), `power_factor_l${n}`],
    [new RegExp(`^thd\\W*v${n}n?$`), `thd_voltage_l${n}_percent`],
    [new RegExp(`^thd\\W*i${n}$`), `thd_current_l${n}_percent`],
  ]),
  [/^(neutral )?current\W*i?n$/, 'current_n_a'],
  [/^frequency(\W*f)?$/, 'frequency_hz'],
  [/^(total )?active power(\W*[σ∑]?p)?$/, 'active_power_w'],
  [/^(total )?reactive power(\W*[σ∑]?q)?$/, 'reactive_power_var'],
  [/^(total )?apparent power(\W*[σ∑]?s)?$/, 'apparent_power_va'],
  [/^(total )?power factor(\W*[σ∑]?pf)?$/, 'power_factor'],
  [/^(total )?(positive )?active energy(\W*(in|import|ea\+))?$/, 'active_energy_import_wh'],
  [
    /^(total )?negative active energy$|^(total )?active energy\W*(out|export|ea-)$/,
    'active_energy_export_wh',
  ],
  [/^(total )?(positive )?reactive energy(\W*(in|import|er\+))?$/, 'reactive_energy_import_varh'],
  [
    /^(total )?negative reactive energy$|^(total )?reactive energy\W*(out|export|er-)$/,
    'reactive_energy_export_varh',
  ],
  [/^(total )?apparent energy(\W*es)?$/, 'apparent_energy_vah'],
  [/^partial (positive )?active energy(\W*ea\+)?$/, 'active_energy_partial_wh'],
  [/^(hour meter|operating time|timer)$/, 'operating_time_s'],
  [/^max\/avg p\+$/, 'demand_power_max_w'],
];

/** The measurand that a description names, or undefined: the register is then kept as an attribute. */
export function measurandOfDescription(description: string): MeasurandName | undefined {
  const plainText = description.toLowerCase().replace(/\s+/g, ' ').trim();
  return patterns.find(([pattern]) => pattern.test(plainText))?.[1];
}

/** The measurand of that name, or undefined. */
export const measurandNamed = (name: string): MeasurandName | undefined => findMeasurand(name.trim())?.name;
