import { Injectable } from '@nestjs/common';
import type { createSeuReview, Seu, SiteSeus, updateSeu } from '@wattproof/contracts/api';
import {
  addSeuReview,
  listEnergyFactors,
  listMeters,
  listSeuReviews,
  listSeus,
  listTariffs,
  listVariables,
  type MeterRow,
  recordEventBy,
  type Scope,
  type SeuRow,
  type SiteRow,
  updateSeuRecord,
} from '@wattproof/database/queries';
import {
  type Carrier,
  carbon_kg,
  type EnergyUse,
  type Finding,
  finding,
  type LocalDate,
  localDate,
  pareto,
  rankChanges,
} from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { requireEnpi } from '../enpi/enb.service.ts';
import { findingsView } from '../enpi/enb-view.ts';
import { locationCarbon } from '../factor/organisation-factors.ts';
import { amountOf, consumptionOf, costOf, countsOf } from '../figure/consumption.ts';
import { sharesOf } from '../figure/quality.ts';
import { topUseMeters } from '../figure/use-meters.ts';
import { localRange } from '../http/range.ts';
import { Resources } from '../resources.ts';
import { requireSite } from '../site/site.service.ts';

type Item = SiteSeus['items'][number];
type Basis = SiteSeus['basis'];

export interface SeuQuery {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly basis: Basis;
  readonly threshold: number;
}

const longest_days = 400;

@Injectable()
export class SeuService {
  constructor(private readonly resources: Resources) {}

  read(scope: Scope, siteId: string, query: SeuQuery): Promise<SiteSeus> {
    return this.resources.database.readOrganisation(scope.organisationId, (client) =>
      siteSeus(client, scope, siteId, query),
    );
  }

  async review(caller: Caller, siteId: string, wish: z.output<typeof createSeuReview>): Promise<SiteSeus> {
    const { scope } = caller;
    const { keys, criteria, reason, ...query } = wish;
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const { items } = await siteSeus(client, scope, siteId, query);
      const before = await listSeus(client, scope, { siteId });
      const unknown = keys.find(
        (key) => !items.some((item) => item.key === key) && !before.some((seu) => seu.key === key),
      );
      if (unknown) throw new AppError('notFound', `The site has no use ${unknown}`, { key: unknown });
      const site = await requireSite(client, scope, siteId);
      const uses = [
        ...items.map(({ key, rank }) => ({ key, rank })),
        // What was significant and is measured no more keeps its record.
        ...before
          .filter((seu) => !items.some(({ key }) => key === seu.key))
          .map(({ key }) => ({ key, rank: null })),
      ].map(({ key, rank }) => ({
        key,
        rank,
        name: before.find((seu) => seu.key === key)?.name ?? key,
        isSignificant: keys.includes(key),
      }));
      const significant = (list: readonly { key: string; rank: number | null; isSignificant: boolean }[]) =>
        list.filter(({ isSignificant }) => isSignificant);
      const changes = rankChanges(significant(before), significant(uses));
      await addSeuReview(client, scope, siteId, {
        ...query,
        criteria,
        reason,
        ranking: items,
        changes,
        by: caller.name,
        uses,
        since: localDate(site.timeZone, Date.now()),
      });
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'seuReview.create',
        object: `site ${siteId}`,
        before: { significant: significant(before).map(({ key }) => key) },
        after: { ...wish, changes },
      });
    });
    return this.read(scope, siteId, query);
  }

  update(caller: Caller, seuId: string, wish: z.output<typeof updateSeu>): Promise<Seu> {
    const { scope } = caller;
    return this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const before = await requireSeu(client, scope, seuId);
      if (wish.enpiId !== null) {
        const enpi = await requireEnpi(client, scope, wish.enpiId);
        if (enpi.definition.siteId !== before.siteId)
          throw new AppError('invalid', 'The EnPI is of another site', { enpiId: wish.enpiId });
      }
      const variables = await listVariables(client, scope, { siteId: before.siteId, ids: wish.variableIds });
      const unknown = wish.variableIds.find((id) => !variables.some((variable) => variable.id === id));
      if (unknown) throw new AppError('notFound', `The site has no relevant variable ${unknown}`);
      await updateSeuRecord(client, scope, seuId, wish);
      const { savings: _savings, ...was } = before;
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'seu.update',
        object: `seu ${seuId}`,
        before: was,
        after: { ...wish },
      });
      return seuView(await requireSeu(client, scope, seuId));
    });
  }
}

async function requireSeu(client: PoolClient, scope: Scope, seuId: string): Promise<SeuRow> {
  const [row] = await listSeus(client, scope, { seuId });
  if (!row) throw new AppError('notFound', `There is no significant energy use ${seuId}`);
  return row;
}

async function siteSeus(
  client: PoolClient,
  scope: Scope,
  siteId: string,
  query: SeuQuery,
): Promise<SiteSeus> {
  const site = await requireSite(client, scope, siteId);
  const seus = await listSeus(client, scope, { siteId });
  const { values, findings, carbonBasis } = await valuesOf(client, scope, { site, query, seus });
  const ranked = pareto(
    values.map((value) => ({ key: value.key, value: valueBy(query.basis, value) })),
    query.threshold,
  );
  const items = ranked.map((rank): Item => {
    const value = values.find(({ key }) => key === rank.key) as (typeof values)[number];
    return { ...value, ...rank, seuId: seus.find(({ key }) => key === rank.key)?.id ?? null };
  });
  const unranked = items.filter(({ rank }) => rank === null).map(({ key }) => key);
  if (unranked.length > 0)
    findings.push(
      finding('useNotRanked', 'A use is not ranked, since its value is not known or nothing', {
        keys: unranked,
      }),
    );
  const reviews = await listSeuReviews(client, scope, siteId);
  return {
    siteId,
    from: query.from,
    to: query.to,
    timeZone: site.timeZone,
    basis: query.basis,
    threshold: query.threshold,
    carbonBasis,
    items,
    seus: seus.map(seuView),
    reviews: reviews.map(({ decidedAt, changes, ...review }) => ({
      ...review,
      decidedAt: decidedAt.toISOString(),
      changes: changes.map((change) => ({ ...change })),
    })),
    findings: findingsView(findings),
  };
}

type Valued = Pick<
  Item,
  | 'key'
  | 'use'
  | 'carrier'
  | 'meterIds'
  | 'energy_kwh'
  | 'cost'
  | 'carbon_kg'
  | 'potential_percent'
  | 'potential_kwh'
  | 'quality'
>;

function valueBy(basis: Basis, value: Valued): number | null {
  if (basis === 'energy') return value.energy_kwh;
  if (basis === 'cost') return value.cost === null ? null : Number(value.cost.amount);
  return basis === 'carbon' ? value.carbon_kg : value.potential_kwh;
}

async function valuesOf(
  client: PoolClient,
  scope: Scope,
  {
    site,
    query,
    seus,
  }: { readonly site: SiteRow; readonly query: SeuQuery; readonly seus: readonly SeuRow[] },
): Promise<{ values: Valued[]; findings: Finding[]; carbonBasis: string | null }> {
  const { from, to } = localRange(query, { timeZone: site.timeZone, longest_days });
  const meters = topUseMeters(await listMeters(client, scope, { siteId: site.id })).filter(
    ({ carrier }) => carrier !== 'water',
  );
  const consumptions = await consumptionOf(client, scope, 'day', { meters, from, to });
  const tariffs = await listTariffs(client, scope, [site.id]);
  const factors = await listEnergyFactors(client, scope);
  const findings: Finding[] = [];
  const bases = new Set<string>();
  const carbonOf = (carrier: Carrier, energy_kwh: number | null): number | null => {
    if (energy_kwh === null) return null;
    const found = locationCarbon(factors, { carrier, place: site.country, date: query.from });
    if (!found.ok) {
      if (!findings.some(({ data }) => data.carrier === carrier)) findings.push(...found.disqualifications);
      return null;
    }
    bases.add(`${found.factor.source} (${found.factor.kgPerKwh} kg ${found.factor.gas}/kWh, ${carrier})`);
    return Number(carbon_kg(energy_kwh.toFixed(3), found.factor));
  };
  const groups = Map.groupBy(consumptions, ({ meter }) => `${meter.energyUse}/${meter.carrier}`);
  const values = [...groups].map(([key, list]): Valued => {
    const first = list[0]?.meter as MeterRow;
    const carrier = first.carrier as Carrier;
    const { energy_wh } = amountOf(list);
    const energy_kwh = energy_wh === null ? null : energy_wh / 1000;
    const potential_percent = seus.find((seu) => seu.key === key)?.potential_percent ?? null;
    return {
      key,
      use: first.energyUse as EnergyUse | null,
      carrier,
      meterIds: list.map(({ meter }) => meter.id),
      energy_kwh,
      cost: costOf(list, { site, tariffs }),
      carbon_kg: carbonOf(carrier, energy_kwh),
      potential_percent,
      potential_kwh:
        energy_kwh === null || potential_percent === null ? null : (energy_kwh * potential_percent) / 100,
      quality: sharesOf(countsOf(list)),
    };
  });
  return { values, findings, carbonBasis: bases.size === 0 ? null : [...bases].sort().join('; ') };
}

function seuView({ siteId: _site, savings, operators, variableIds, ...row }: SeuRow): Seu {
  const [use = '', carrier = ''] = row.key.split('/');
  return {
    ...row,
    use: use === 'null' ? null : (use as EnergyUse),
    carrier: carrier as Carrier,
    operators: [...operators],
    variableIds: [...variableIds],
    performance: savings && {
      savings_percent: -100 * savings.share.value,
      halfWidth_percent: savings.share.halfWidth === null ? null : 100 * savings.share.halfWidth,
      verdict: savings.verdict,
    },
  };
}
