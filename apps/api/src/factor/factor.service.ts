import { Injectable } from '@nestjs/common';
import type {
  CreateEnergyFactor,
  EnergyFactor,
  steamEnergyAnswer,
  steamEnergyWish,
} from '@wattproof/contracts/api';
import {
  addEnergyFactor,
  type EnergyFactorRow,
  endFactor,
  listEnergyFactors,
  recordEventBy,
  type Scope,
} from '@wattproof/database/queries';
import {
  carbonFactors,
  type Finding,
  fuelFactors,
  primaryFactors,
  saturatedEnthalpy,
  steamEnergy_wh,
  waterEnthalpy,
} from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';

export interface FactorFilter {
  readonly kind?: EnergyFactor['kind'] | undefined;
  readonly carrier?: string | undefined;
}

const unitOf = (kind: EnergyFactor['kind'], per: string, gas: string | null): string =>
  kind === 'fuel' ? `kWh/${per}` : kind === 'primary' ? 'kWh/kWh' : `kg ${gas}/kWh`;

const shipped: readonly EnergyFactor[] = [
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
    verification: f.verification,
    origin: 'product' as const,
    createdBy: null,
    createdAt: null,
  };
});

const ownView = ({ createdAt, unit, ...row }: EnergyFactorRow): EnergyFactor => ({
  ...row,
  unit: unitOf(row.kind, unit, row.gas),
  verification: 'secondary',
  origin: 'organisation',
  createdAt: createdAt.toISOString(),
});

@Injectable()
export class FactorService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope, { kind, carrier }: FactorFilter): Promise<EnergyFactor[]> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) =>
      [...(await listEnergyFactors(client, scope)).map(ownView), ...shipped].filter(
        (f) => (kind === undefined || f.kind === kind) && (carrier === undefined || f.carrier === carrier),
      ),
    );
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
        createdBy: caller.name,
      };
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
      return requireFactor(await listEnergyFactors(client, scope), id);
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
      return requireFactor(await listEnergyFactors(client, scope), factorId);
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

function requireFactor(rows: readonly EnergyFactorRow[], id: string): EnergyFactor {
  const row = rows.find((factor) => factor.id === id);
  if (!row) throw new AppError('notFound', `There is no factor ${id} of the organisation`);
  return ownView(row);
}
