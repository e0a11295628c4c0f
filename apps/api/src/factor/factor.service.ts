import { Injectable } from '@nestjs/common';
import type {
  CreateEnergyFactor,
  EnergyFactor,
  steamEnergyAnswer,
  steamEnergyWish,
} from '@wattproof/contracts/api';
import {
  addEnergyFactor,
  countBillsByFactor,
  type EnergyFactorRow,
  endFactor,
  listEnergyFactors,
  recordEventBy,
  type Scope,
  siteUseCarriers,
} from '@wattproof/database/queries';
import {
  carbonFactors,
  type Finding,
  fuelFactors,
  localDate,
  primaryFactors,
  saturatedEnthalpy,
  steamEnergy_wh,
  waterEnthalpy,
} from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';
import { locationCarbon, primaryOf } from './organisation-factors.ts';

export interface FactorFilter {
  readonly kind?: EnergyFactor['kind'] | undefined;
  readonly carrier?: string | undefined;
}

const unitOf = (kind: EnergyFactor['kind'], per: string, gas: string | null): string =>
  kind === 'fuel' ? `kWh/${per}` : kind === 'primary' ? 'kWh/kWh' : `kg ${gas}/kWh`;

type Known = Omit<EnergyFactor, 'uses'>;

const shipped: readonly Known[] = [
  ...fuelFactors.map((f) => ({ ...f, kind: 'fuel' as const, value: f.kwhPerUnit, per: f.unit as string })),
  ...primaryFactors.map((f) => ({ ...f, kind: 'primary' as const, value: f.primaryPerSite, per: '' })),
  ...carbonFactors.map((f) => ({ ...f, kind: 'carbon' as const, value: f.kgPerKwh, per: '' })),
].map((f) => {
  const gas = 'gas' in f ? f.gas : null;
  return {
    id: f.id,
    kind: f.kind,
    carrier: f.carrier,
    basis: f.basis,
    value: f.value,
    unit: unitOf(f.kind, f.per, gas),
    place: 'place' in f ? f.place : null,
    account: 'account' in f ? f.account : null,
    scope: 'scope' in f ? f.scope : null,
    gas,
    effectiveFrom: f.effectiveFrom,
    effectiveTo: f.effectiveTo,
    source: f.source,
    licence: 'licence' in f ? (f.licence ?? '') : '',
    verification: f.verification,
    replaces: null,
    origin: 'product' as const,
    createdBy: null,
    createdAt: null,
  };
});

const ownView = ({ createdAt, unit, ...row }: EnergyFactorRow): Known => ({
  ...row,
  unit: unitOf(row.kind, unit, row.gas),
  origin: 'organisation',
  createdAt: createdAt.toISOString(),
});

@Injectable()
export class FactorService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope, { kind, carrier }: FactorFilter): Promise<EnergyFactor[]> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const own = await listEnergyFactors(client, scope);
      const uses = await usesOf(client, scope, own);
      return [...own.map(ownView), ...shipped]
        .filter(
          (f) => (kind === undefined || f.kind === kind) && (carrier === undefined || f.carrier === carrier),
        )
        .map((f) => ({ ...f, uses: uses(f.id) }));
    });
  }

  async create(caller: Caller, wish: CreateEnergyFactor): Promise<EnergyFactor> {
    const { scope } = caller;
    if (wish.effectiveFrom !== null && wish.effectiveTo !== null && wish.effectiveFrom >= wish.effectiveTo)
      throw new AppError('invalid', 'effectiveFrom must lie before effectiveTo');
    if (wish.value.startsWith('-')) throw new AppError('invalid', 'value: a factor is not negative');
    if ((wish.basis === 'none') === ['gas', 'lpg', 'diesel', 'biomass'].includes(wish.carrier))
      throw new AppError(
        'invalid',
        wish.basis === 'none'
          ? `basis: a factor of ${wish.carrier} says whether it is on the gross or the net calorific value`
          : `basis: ${wish.carrier} has no calorific value`,
      );
    return this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const row = {
        kind: wish.kind,
        carrier: wish.carrier,
        basis: wish.basis,
        value: wish.value,
        unit: wish.kind === 'fuel' ? wish.unit : 'kWh',
        place: wish.kind === 'fuel' ? null : wish.place,
        account: wish.kind === 'carbon' ? wish.account : null,
        scope: wish.kind === 'carbon' ? wish.scope : null,
        gas: wish.kind === 'carbon' ? wish.gas : null,
        effectiveFrom: wish.effectiveFrom,
        effectiveTo: wish.effectiveTo,
        source: wish.source,
        licence: wish.licence,
        verification: wish.verification,
        replaces: wish.replaces,
        createdBy: caller.name,
      };
      if (wish.replaces !== null) await endReplaced(client, scope, wish.replaces, row);
      const same = (await listEnergyFactors(client, scope)).find(
        (f) =>
          (['kind', 'carrier', 'basis', 'unit', 'place', 'account', 'scope'] as const).every(
            (what) => f[what] === row[what],
          ) &&
          (f.effectiveTo === null || row.effectiveFrom === null || row.effectiveFrom < f.effectiveTo) &&
          (row.effectiveTo === null || f.effectiveFrom === null || f.effectiveFrom < row.effectiveTo),
      );
      if (same)
        throw new AppError(
          'conflict',
          'Another factor of yours is in force in part of that time; end it first',
          {
            factorId: same.id,
            effectiveFrom: same.effectiveFrom,
            effectiveTo: same.effectiveTo,
          },
        );
      const id = await addEnergyFactor(client, scope, row);
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'energyFactor.create',
        object: `energyFactor ${id}`,
        after: { ...wish },
      });
      return viewOf(client, scope, id);
    });
  }

  end(
    caller: Caller,
    factorId: string,
    wish: { readonly effectiveTo: string; readonly reason: string },
  ): Promise<EnergyFactor> {
    const { scope } = caller;
    return this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const before = requireFactor(await listEnergyFactors(client, scope), factorId);
      if (!(await endFactor(client, scope, factorId, wish.effectiveTo)))
        throw new AppError('conflict', 'The factor is not in force on that day', {
          effectiveFrom: before.effectiveFrom,
          effectiveTo: before.effectiveTo,
        });
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'energyFactor.end',
        object: `energyFactor ${factorId}`,
        before: { effectiveTo: before.effectiveTo },
        after: { ...wish },
      });
      return viewOf(client, scope, factorId);
    });
  }

  /** Energy of steam by enthalpy; nothing is stored. */
  steam(wish: z.output<typeof steamEnergyWish>): z.infer<typeof steamEnergyAnswer> {
    const supplied =
      wish.temperature_c === null
        ? saturatedEnthalpy(wish.pressure_mpa, wish.steamShare)
        : waterEnthalpy({ pressure_mpa: wish.pressure_mpa, temperature_c: wish.temperature_c });
    if (!supplied.ok) throw refused(supplied.disqualifications);
    const returned = waterEnthalpy(wish.returned);
    if (!returned.ok) throw refused(returned.disqualifications);
    const enthalpy = {
      supplied_kj_per_kg: supplied.enthalpy_kj_per_kg,
      returned_kj_per_kg: returned.enthalpy_kj_per_kg,
    };
    return { ...enthalpy, energy_kwh: steamEnergy_wh(wish.mass_kg, enthalpy) / 1000 };
  }
}

const refused = (findings: readonly Finding[]): AppError =>
  new AppError('invalid', findings[0]?.message ?? 'The state of the steam is not covered', { findings });

function requireFactor(rows: readonly EnergyFactorRow[], id: string): EnergyFactorRow {
  const row = rows.find((factor) => factor.id === id);
  if (!row) throw new AppError('notFound', `There is no factor ${id} of the organisation`);
  return row;
}

async function viewOf(client: PoolClient, scope: Scope, id: string): Promise<EnergyFactor> {
  const own = await listEnergyFactors(client, scope);
  const uses = await usesOf(client, scope, own);
  return { ...ownView(requireFactor(own, id)), uses: uses(id) };
}

/** The version before ends where the new one begins; both must be of the same thing. */
async function endReplaced(
  client: PoolClient,
  scope: Scope,
  replacedId: string,
  row: Pick<EnergyFactorRow, 'kind' | 'carrier' | 'effectiveFrom'>,
): Promise<void> {
  const before = requireFactor(await listEnergyFactors(client, scope), replacedId);
  if (before.kind !== row.kind || before.carrier !== row.carrier)
    throw new AppError('invalid', 'replaces: the version before is of another kind or carrier', {
      kind: before.kind,
      carrier: before.carrier,
    });
  if (row.effectiveFrom === null)
    throw new AppError(
      'invalid',
      'effectiveFrom: a version that takes the place of another one has a first day',
    );
  if (before.effectiveTo !== null && before.effectiveTo <= row.effectiveFrom) return;
  if (!(await endFactor(client, scope, replacedId, row.effectiveFrom)))
    throw new AppError('conflict', 'The version before is not in force on that day', {
      effectiveFrom: before.effectiveFrom,
      effectiveTo: before.effectiveTo,
    });
}

/** Which sites' figures a factor makes today, and how many bills it converted. */
async function usesOf(
  client: PoolClient,
  scope: Scope,
  own: readonly EnergyFactorRow[],
): Promise<(id: string) => EnergyFactor['uses']> {
  const bills = await countBillsByFactor(client, scope);
  const sites = new Map<string, Map<string, string>>();
  for (const { siteId, siteName, country, timeZone, carrier } of await siteUseCarriers(client, scope)) {
    const wish = { carrier, place: country, date: localDate(timeZone, Date.now()) };
    for (const found of [locationCarbon(own, wish), primaryOf(own, wish)])
      if (found.ok) {
        const of = sites.get(found.factor.id) ?? new Map<string, string>();
        sites.set(found.factor.id, of.set(siteId, siteName));
      }
  }
  return (id) => ({
    sites: [...(sites.get(id) ?? [])].map(([siteId, siteName]) => ({ siteId, siteName })),
    bills: bills.get(id) ?? 0,
  });
}
