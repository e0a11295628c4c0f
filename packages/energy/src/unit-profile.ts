/** What an obliged unit states about itself, year by year. What is not stated is null and never taken as zero. */
import type { AccountKind } from './audit-rule.ts';
import type { LocalDate } from './calendar.ts';
import { type Finding, finding } from './finding.ts';
import { add, type Fraction, fractionOf, negate, toDecimal, zero } from './fraction.ts';
import { type CalorificBasis, commonBasis } from './fuel.ts';
import type { Decimal } from './money.ts';
import type { CertificateStandard } from './obligation-rule.ts';
import type { Carrier } from './vocabulary.ts';

export interface Amount {
  readonly amount: Decimal;
  readonly currency: string;
}

/** A closed accounting year. */
export interface AccountingYear {
  readonly year: number;
  /** Annual work units. */
  readonly staff: Decimal | null;
  readonly turnover: Amount | null;
  readonly balance: Amount | null;
}

/** Energy of one carrier in one calendar year. */
export interface YearEnergy {
  readonly year: number;
  readonly carrier: Carrier;
  readonly kind: AccountKind;
  readonly energy_kwh: Decimal;
  readonly calorificBasis: CalorificBasis;
  readonly source: string;
}

export interface UnitCertificate {
  readonly standard: CertificateStandard;
  readonly number: string;
  readonly validFrom: LocalDate;
  /** The day after the last one of validity. */
  readonly validTo: LocalDate;
  readonly includesAnnexViAudit: boolean;
  /** Energy inside the certificate's scope and all of the unit's, on the basis of the rule; null: not stated. */
  readonly scope: { readonly covered: Decimal; readonly total: Decimal } | null;
}

export interface UnitProfile {
  readonly kind: 'legalEntity' | 'group';
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly accountingYears: readonly AccountingYear[];
  readonly energy: readonly YearEnergy[];
  /** Calendar years whose energy is stated as whole: every carrier, every row. */
  readonly wholeYears: readonly number[];
  readonly certificates: readonly UnitCertificate[];
  /** Days on which audits were completed. */
  readonly audits: readonly LocalDate[];
  /** Day since which the unit is large in the sense of its law; null: from the start, or not stated. */
  readonly obligedSince: LocalDate | null;
  /** On the state's list of energy-intensive undertakings; null: not stated. */
  readonly isEnergyIntensive: boolean | null;
}

export interface KnownEnergy {
  /** Σ of the years, kWh; null where a year is not whole or bases mix. */
  readonly sum_kwh: Fraction | null;
  /** The same for people, 3 digits. */
  readonly energy_kwh: Decimal | null;
  readonly missingYears: readonly number[];
  readonly findings: readonly Finding[];
}

/** Σ of a unit's energy over calendar years by an account: rows count, are deducted or ignored as the rule says. */
export function energyOfYears(
  profile: Pick<UnitProfile, 'energy' | 'wholeYears'>,
  years: readonly number[],
  account: Readonly<Record<AccountKind, 'count' | 'deduct' | 'ignore'>>,
): KnownEnergy {
  const missingYears = years.filter((year) => !profile.wholeYears.includes(year));
  const rows = profile.energy.filter((row) => years.includes(row.year) && account[row.kind] !== 'ignore');
  const basis = commonBasis(rows.map((row) => row.calorificBasis));
  const findings = basis.ok ? [] : [...basis.disqualifications];
  const negative = rows.filter((row) => row.energy_kwh.startsWith('-'));
  if (negative.length > 0)
    findings.push(
      finding('energyNegative', 'A year states negative energy; what is passed on is a row of its own', {
        years: [...new Set(negative.map(({ year }) => year))],
      }),
    );
  if (missingYears.length > 0 || findings.length > 0)
    return { sum_kwh: null, energy_kwh: null, missingYears, findings };
  let sum_kwh = zero;
  for (const row of rows) {
    const energy = fractionOf(row.energy_kwh, 1, 1);
    sum_kwh = add(sum_kwh, account[row.kind] === 'deduct' ? negate(energy) : energy);
  }
  return { sum_kwh, energy_kwh: toDecimal(sum_kwh, 3, 'halfEven'), missingYears, findings };
}
