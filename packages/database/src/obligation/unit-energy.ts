import {
  type BillingCell,
  billingMatrix,
  type CalorificBasis,
  commonDays,
  divideDecimal,
  multiplyDecimal,
  standingBills,
  sumDecimals,
  type UnitProfile,
  type YearEnergy,
} from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { type AuditBill, type AuditPoint, entityBills, entityPoints } from '../audit/audit.queries.ts';
import type { StatedProfile, UnitRecord } from './unit-record.ts';

/** Where the energy of a calendar year comes from, and what keeps it from being whole. */
export interface YearAccount {
  readonly year: number;
  readonly source: 'stated' | 'bills' | 'none';
  /** Cells of the bills' matrix that are empty or billed twice; none where the year is stated. */
  readonly blocking: readonly (BillingCell & { readonly pointName: string })[];
}

export interface KnownProfile {
  readonly profile: UnitProfile;
  readonly years: readonly YearAccount[];
}

const nothingStated: Omit<UnitProfile, 'kind' | 'country'> = {
  accountingYears: [],
  energy: [],
  wholeYears: [],
  certificates: [],
  audits: [],
  obligedSince: null,
  isEnergyIntensive: null,
};

/**
 * A unit's profile with the energy of some calendar years: as stated, else of the bills of its entities where every
 * delivery point is billed throughout. A year that is neither is not whole.
 */
export async function profileOfUnit(
  client: ClientBase,
  unit: UnitRecord,
  years: readonly number[],
): Promise<KnownProfile> {
  const stated: Omit<UnitProfile, 'kind' | 'country'> = unit.stated ?? nothingStated;
  const energy: YearEnergy[] = [];
  const whole = new Set(stated.wholeYears);
  const accounts: YearAccount[] = [];
  for (const year of years) {
    if (whole.has(year)) {
      accounts.push({ year, source: 'stated', blocking: [] });
      continue;
    }
    const billed = await billedYear(client, unit, year);
    const isWhole = billed.rows.length > 0 && billed.blocking.length === 0;
    accounts.push({ year, source: isWhole ? 'bills' : 'none', blocking: billed.blocking });
    if (!isWhole) continue;
    whole.add(year);
    energy.push(...billed.rows);
  }
  // Beside a year's bills stand the stated rows that are no purchase: own generation, energy passed on.
  const ofBills = new Set(accounts.filter(({ source }) => source === 'bills').map(({ year }) => year));
  energy.push(...stated.energy.filter((row) => !ofBills.has(row.year) || row.kind !== 'purchased'));
  return {
    profile: { ...stated, kind: unit.kind, country: unit.country, energy, wholeYears: [...whole].sort() },
    years: accounts,
  };
}

interface BilledYear {
  readonly rows: readonly YearEnergy[];
  readonly blocking: YearAccount['blocking'];
}

async function billedYear(client: ClientBase, unit: UnitRecord, year: number): Promise<BilledYear> {
  const period = { from: `${year}-01-01`, to: `${year + 1}-01-01` };
  const points: AuditPoint[] = [];
  for (const member of unit.members)
    points.push(...(await entityPoints(client, { legalEntityId: member.id, ...period })));
  const bills = await entityBills(
    client,
    points.map(({ id }) => id),
    period,
  );
  const names = new Map(points.map((point) => [point.id, point.name]));
  const blocking = billingMatrix(points, standingBills(bills), period)
    .filter(({ state }) => state === 'missing' || state === 'overlapping')
    .map((cell) => ({ ...cell, pointName: names.get(cell.deliveryPointId) ?? '' }));
  const carrierOf = new Map(points.map((point) => [point.id, point.carrier]));
  const groups = Map.groupBy(
    bills,
    (bill) => `${carrierOf.get(bill.deliveryPointId)} ${bill.calorificBasis}`,
  );
  const rows = [...groups].flatMap(([key, own]): YearEnergy[] => {
    const [carrier, calorificBasis] = key.split(' ') as [YearEnergy['carrier'], CalorificBasis];
    const energy_kwh = sumDecimals(own.map((bill) => withinYear(bill, period)));
    return [{ year, carrier, kind: 'purchased', energy_kwh, calorificBasis, source: 'bills' }];
  });
  return { rows, blocking };
}

/** The part of a bill that falls into the year, by days. */
const withinYear = (bill: AuditBill, period: { readonly from: string; readonly to: string }): string =>
  divideDecimal(
    multiplyDecimal(bill.energy_kwh, String(commonDays(bill, period))),
    String(commonDays(bill, bill)),
    { digits: 6, rounding: 'halfEven' },
  );

export const emptyStatedProfile: StatedProfile = {
  ...nothingStated,
  reminders_days: [180, 60, 14],
  note: '',
};
