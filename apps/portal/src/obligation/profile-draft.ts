import type { ObligedUnit, StatedUnitProfile } from '@wattproof/contracts/api';
import { parseNumber } from '../form/parse-number.ts';

/** What is typed in the form, as text; it becomes a profile when all of it can be read. */
export interface YearDraft {
  readonly year: number;
  readonly staff: string;
  readonly turnover: string;
  readonly balance: string;
  readonly currency: string;
}
export interface EnergyDraft {
  readonly key: number;
  readonly year: number;
  readonly carrier: StatedUnitProfile['energy'][number]['carrier'];
  readonly kind: StatedUnitProfile['energy'][number]['kind'];
  readonly energy_kwh: string;
  readonly calorificBasis: StatedUnitProfile['energy'][number]['calorificBasis'];
  readonly source: string;
}
export interface CertificateDraft {
  readonly key: number;
  readonly standard: StatedUnitProfile['certificates'][number]['standard'];
  readonly number: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly includesAnnexViAudit: boolean;
  readonly covered: string;
  readonly total: string;
}
export interface ProfileDraft {
  readonly years: readonly YearDraft[];
  readonly energy: readonly EnergyDraft[];
  readonly wholeYears: readonly number[];
  readonly certificates: readonly CertificateDraft[];
  readonly audits: readonly string[];
  readonly obligedSince: string;
  readonly intensive: 'yes' | 'no' | 'unknown';
  readonly reminders: string;
  readonly note: string;
}

const fuels: ReadonlySet<string> = new Set(['gas', 'lpg', 'diesel', 'biomass']);
/** Fuels are stated on the gross calorific value unless the unit says otherwise; other carriers have none. */
export const usualBasis = (carrier: EnergyDraft['carrier']): EnergyDraft['calorificBasis'] =>
  fuels.has(carrier) ? 'gross' : 'none';

/** The stated profile as text, with the years that rules look at. */
export function draftOf(unit: ObligedUnit, today: string, currency: string): ProfileDraft {
  const { stated } = unit;
  const last = Number(today.slice(0, 4)) - 1;
  const known = stated?.accountingYears ?? [];
  const years = [...new Set([...known.map((y) => y.year), last - 1, last])].sort();
  return {
    years: years.map((year) => {
      const own = known.find((y) => y.year === year);
      return {
        year,
        staff: own?.staff ?? '',
        turnover: own?.turnover?.amount ?? '',
        balance: own?.balance?.amount ?? '',
        currency: own?.turnover?.currency ?? own?.balance?.currency ?? currency,
      };
    }),
    energy: (stated?.energy ?? []).map((row, key) => ({ ...row, key })),
    wholeYears: stated?.wholeYears ?? [],
    certificates: (stated?.certificates ?? []).map(({ scope, ...certificate }, key) => ({
      ...certificate,
      key,
      covered: scope?.covered ?? '',
      total: scope?.total ?? '',
    })),
    audits: stated?.audits ?? [],
    obligedSince: stated?.obligedSince ?? '',
    intensive:
      stated?.isEnergyIntensive === undefined || stated.isEnergyIntensive === null
        ? 'unknown'
        : stated.isEnergyIntensive
          ? 'yes'
          : 'no',
    reminders: (stated?.reminders_days ?? [180, 60, 14]).join(' '),
    note: stated?.note ?? '',
  };
}

/** A number as people write it, as exact decimal text; '' where it is none. */
function decimalText(text: string): string {
  const value = parseNumber(text);
  if (value === null || value < 0) return '';
  const plain = text
    .trim()
    .replace(/[\s\u202f\u00a0]/g, '')
    .replace(',', '.');
  return plain;
}

export const isBadNumber = (text: string): boolean => text.trim() !== '' && decimalText(text) === '';

/** The profile that the form states; null where something in it cannot be read. */
export function profileOf(draft: ProfileDraft): StatedUnitProfile | null {
  const numbers = [
    ...draft.years.flatMap((y) => [y.staff, y.turnover, y.balance]),
    ...draft.energy.map((row) => row.energy_kwh),
    ...draft.certificates.flatMap((c) => [c.covered, c.total]),
  ];
  const reminders = draft.reminders
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number);
  if (numbers.some(isBadNumber) || reminders.some((n) => !Number.isInteger(n) || n < 0)) return null;
  const money = (text: string, currency: string) =>
    text.trim() === '' ? null : { amount: decimalText(text), currency };
  return {
    accountingYears: draft.years
      .filter((y) => [y.staff, y.turnover, y.balance].some((text) => text.trim() !== ''))
      .map((y) => ({
        year: y.year,
        staff: y.staff.trim() === '' ? null : decimalText(y.staff),
        turnover: money(y.turnover, y.currency),
        balance: money(y.balance, y.currency),
      })),
    energy: draft.energy
      .filter((row) => row.energy_kwh.trim() !== '')
      .map(({ key: _, ...row }) => ({ ...row, energy_kwh: decimalText(row.energy_kwh) })),
    wholeYears: [...draft.wholeYears],
    certificates: draft.certificates.map(({ key: _, covered, total, ...certificate }) => ({
      ...certificate,
      scope:
        covered.trim() === '' || total.trim() === ''
          ? null
          : { covered: decimalText(covered), total: decimalText(total) },
    })),
    audits: draft.audits.filter(Boolean),
    obligedSince: draft.obligedSince || null,
    isEnergyIntensive: draft.intensive === 'unknown' ? null : draft.intensive === 'yes',
    reminders_days: reminders,
    note: draft.note,
  };
}
