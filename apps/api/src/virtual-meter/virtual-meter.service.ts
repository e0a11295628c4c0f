import { Injectable } from '@nestjs/common';
import type { saveVirtualMeter, VirtualMeter, VirtualMeters } from '@wattproof/contracts/api';
import { keptCounters } from '@wattproof/database';
import {
  createVirtualMeter,
  type IntervalExtent,
  intervalExtents,
  listMeters,
  listVirtualTerms,
  type MeterRow,
  markedMeters,
  markRanges,
  readStructure,
  recordEvent,
  replaceTerms,
  type Scope,
  updateVirtualMeter,
  type VirtualMeterFields,
} from '@wattproof/database/queries';
import {
  definitionFindings,
  type Finding,
  findMeasurand,
  type MeasurandName,
  type SummedMeter,
  type VirtualTerm,
} from '@wattproof/energy';
import { enqueue } from '@wattproof/jobs';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';
import { requireSite } from '../site/site.service.ts';
import { suggestedMeters } from './suggestion.ts';

type Wish = z.output<typeof saveVirtualMeter>;

/** Findings that another definition at another time could still pass; the rest is a mistake of writing. */
const conflicts = new Set(['virtualMeterCycle', 'countedTwice']);

@Injectable()
export class VirtualMeterService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope, siteId: string): Promise<VirtualMeters> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const known = await readSums(client, scope, siteId);
      const virtual = known.rows.filter((m) => m.kind === 'virtual');
      return {
        virtualMeters: await virtualViews(client, scope, known, virtual),
        suggestions: suggestedMeters(known.rows, known.summed, known.definitions).map((suggestion) => ({
          ...suggestion,
          terms: suggestion.terms.map((term) => termView(term, known.summed)),
        })),
        sources: known.rows
          .filter((row) => (known.summed.get(row.id)?.kept.length ?? 0) > 0)
          .map((row) => ({
            meterId: row.id,
            name: row.name,
            carrier: row.carrier,
            parentId: row.parentId,
            kind: row.kind,
            role: row.role,
            measurands: [...(known.summed.get(row.id)?.kept ?? [])],
          })),
      };
    });
  }

  async create(caller: Caller, siteId: string, wish: Wish): Promise<VirtualMeter> {
    const { scope } = caller;
    const { database } = this.resources;
    const terms = wish.terms.map(virtualTerm);
    const extents = await database.readOrganisation(scope.organisationId, async (client) => {
      const known = await readSums(client, scope, siteId);
      await requireZone(client, scope, siteId, wish.zoneId);
      refuse(definitionFindings({ meterId: null, ...definitionOf(wish, terms) }, contextOf(known)));
      return intervalExtents(client, scope, terms);
    });
    const meterId = await database.withOrganisation(scope.organisationId, async (tx) => {
      const id = await createVirtualMeter(tx, scope, siteId, fieldsOf(wish));
      await replaceTerms(tx, scope, id, terms);
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'virtualMeter.create',
        object: `meter ${id}`,
        after: { ...wish },
      });
      await markRanges(tx, wholeExtent(id, extents));
      return id;
    });
    return this.afterSaving(scope, siteId, meterId);
  }

  async replace(
    caller: Caller,
    { siteId, meterId, wish }: { readonly siteId: string; readonly meterId: number; readonly wish: Wish },
  ): Promise<VirtualMeter> {
    const { scope } = caller;
    const { database } = this.resources;
    const terms = wish.terms.map(virtualTerm);
    const { before, extents } = await database.readOrganisation(scope.organisationId, async (client) => {
      const known = await readSums(client, scope, siteId);
      const row = known.rows.find((m) => m.id === meterId && m.kind === 'virtual');
      if (!row) throw new AppError('notFound', `The site has no virtual meter ${meterId}`);
      if (row.measurand !== wish.measurand)
        throw new AppError('invalid', `A virtual meter stays what it counts: ${row.measurand}`);
      await requireZone(client, scope, siteId, wish.zoneId);
      refuse(definitionFindings({ meterId, ...definitionOf(wish, terms) }, contextOf(known)));
      const counters = [...terms, { meterId, measurand: wish.measurand as MeasurandName }];
      return {
        before: {
          name: row.name,
          terms: (known.definitions.get(meterId) ?? []).map((term) => ({ ...term })),
        },
        extents: await intervalExtents(client, scope, counters),
      };
    });
    await database.withOrganisation(scope.organisationId, async (tx) => {
      await updateVirtualMeter(tx, scope, meterId, fieldsOf(wish));
      await replaceTerms(tx, scope, meterId, terms);
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'virtualMeter.replace',
        object: `meter ${meterId}`,
        before,
        after: { ...wish },
      });
      await markRanges(tx, wholeExtent(meterId, extents));
    });
    return this.afterSaving(scope, siteId, meterId);
  }

  private async afterSaving(scope: Scope, siteId: string, meterId: number): Promise<VirtualMeter> {
    await enqueue(this.resources.jobs, 'rebuildIntervals', {});
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const known = await readSums(client, scope, siteId);
      const [saved] = await virtualViews(
        client,
        scope,
        known,
        known.rows.filter((m) => m.id === meterId),
      );
      if (!saved) throw new Error('a virtual meter that was saved is not there');
      return saved;
    });
  }
}

interface Sums {
  readonly rows: readonly MeterRow[];
  readonly summed: ReadonlyMap<number, SummedMeter>;
  readonly definitions: ReadonlyMap<number, readonly VirtualTerm[]>;
}

async function readSums(client: PoolClient, scope: Scope, siteId: string): Promise<Sums> {
  await requireSite(client, scope, siteId);
  const rows = await listMeters(client, scope, { siteId });
  const kept = await keptCounters(
    client,
    rows.map((m) => m.id),
  );
  const summed = new Map(
    rows.map((row) => [
      row.id,
      {
        meterId: row.id,
        name: row.name,
        carrier: row.carrier,
        parentId: row.parentId,
        kept: kept.get(row.id) ?? [],
      },
    ]),
  );
  return { rows, summed, definitions: await listVirtualTerms(client, scope, siteId) };
}

const contextOf = ({ summed, definitions }: Sums) => ({ meters: summed, definitions });

const definitionOf = (wish: Wish, terms: readonly VirtualTerm[]) => ({
  carrier: wish.carrier,
  measurand: wish.measurand as MeasurandName,
  terms,
});

const fieldsOf = ({ name, role, carrier, energyUse, zoneId, measurand }: Wish): VirtualMeterFields => ({
  name,
  role,
  carrier,
  energyUse,
  zoneId,
  measurand,
});

const virtualTerm = (term: Wish['terms'][number]): VirtualTerm => ({
  meterId: term.sourceMeterId,
  measurand: term.measurand as MeasurandName,
  sign: term.sign,
  from_ms: term.validFrom === null ? null : Date.parse(term.validFrom),
  to_ms: term.validTo === null ? null : Date.parse(term.validTo),
});

/** @throws AppError with every finding. */
function refuse(findings: readonly Finding[]): void {
  const [first] = findings;
  if (!first) return;
  throw new AppError(conflicts.has(first.code) ? 'conflict' : 'invalid', first.message, { findings });
}

async function requireZone(
  client: PoolClient,
  scope: Scope,
  siteId: string,
  zoneId: string | null,
): Promise<void> {
  if (zoneId === null) return;
  const { zones } = await readStructure(client, scope, siteId);
  if (!zones.some((zone) => zone.id === zoneId))
    throw new AppError('notFound', `The site has no zone ${zoneId}`);
}

/** From the first to the last interval of everything that the sum is or was made of. */
function wholeExtent(meterId: number, extents: readonly IntervalExtent[]) {
  if (extents.length === 0) return [];
  return [
    {
      meterId,
      from: new Date(Math.min(...extents.map((e) => e.from.getTime()))),
      to: new Date(Math.max(...extents.map((e) => e.to.getTime()))),
    },
  ];
}

const isoOf = (at_ms: number | null): string | null =>
  at_ms === null ? null : new Date(at_ms).toISOString();

const termView = (
  { meterId, measurand, sign, from_ms, to_ms }: VirtualTerm,
  summed: ReadonlyMap<number, SummedMeter>,
): VirtualMeter['terms'][number] => ({
  sourceMeterId: meterId,
  sourceName: summed.get(meterId)?.name ?? '',
  measurand,
  sign,
  validFrom: isoOf(from_ms),
  validTo: isoOf(to_ms),
});

async function virtualViews(
  client: PoolClient,
  scope: Scope,
  { summed, definitions }: Sums,
  rows: readonly MeterRow[],
): Promise<VirtualMeter[]> {
  const counters = rows.map((row) => ({ meterId: row.id, measurand: row.measurand as MeasurandName }));
  const extents = new Map((await intervalExtents(client, scope, counters)).map((e) => [e.meterId, e]));
  const marked = await markedMeters(
    client,
    scope,
    rows.map((m) => m.id),
  );
  return rows.map((row) => ({
    meterId: row.id,
    name: row.name,
    role: row.role as VirtualMeter['role'],
    carrier: row.carrier as VirtualMeter['carrier'],
    energyUse: row.energyUse as VirtualMeter['energyUse'],
    zoneId: row.zoneId,
    measurand: row.measurand ?? '',
    unit: findMeasurand(row.measurand ?? '')?.unit ?? '',
    terms: (definitions.get(row.id) ?? []).map((term) => termView(term, summed)),
    knownFrom: extents.get(row.id)?.from.toISOString() ?? null,
    knownTo: extents.get(row.id)?.to.toISOString() ?? null,
    isComputing: marked.has(row.id),
  }));
}
