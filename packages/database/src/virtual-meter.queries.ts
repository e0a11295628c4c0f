import type { MeasurandName, VirtualTerm } from '@wattproof/energy';
import { measurandOf } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { OrganisationTransaction } from './client.ts';
import type { Scope } from './scope.ts';

/** Every term of virtual meters of a site, past and to come. */
export async function listVirtualTerms(
  client: PoolClient,
  scope: Scope,
  siteId: string,
): Promise<ReadonlyMap<number, readonly VirtualTerm[]>> {
  const { rows } = await client.query<{
    virtual_id: number;
    meter_id: number;
    measurand: MeasurandName;
    sign: 1 | -1;
    from_at: Date | null;
    to_at: Date | null;
  }>(
    `SELECT t.meter_id AS virtual_id, t.source_meter_id AS meter_id, t.source_measurand AS measurand, t.sign,
       CASE WHEN isfinite(t.valid_from) THEN t.valid_from END AS from_at,
       CASE WHEN isfinite(t.valid_to) THEN t.valid_to END AS to_at
     FROM virtual_term t JOIN meter m ON m.id = t.meter_id
     WHERE t.organisation_id = $1 AND m.site_id = $2 ORDER BY t.meter_id, t.source_meter_id, t.valid_from, t.id`,
    [scope.organisationId, siteId],
  );
  const terms = rows.map((row) => ({
    virtualId: row.virtual_id,
    term: {
      meterId: row.meter_id,
      measurand: row.measurand,
      sign: row.sign,
      from_ms: row.from_at?.getTime() ?? null,
      to_ms: row.to_at?.getTime() ?? null,
    },
  }));
  const byMeter = Map.groupBy(terms, (row) => row.virtualId);
  return new Map([...byMeter].map(([id, list]) => [id, list.map((row) => row.term)]));
}

export interface VirtualMeterFields {
  readonly name: string;
  readonly role: string;
  readonly carrier: string;
  readonly energyUse: string | null;
  readonly zoneId: string | null;
  readonly measurand: string;
}

/** Makes a virtual meter of a site; returns its id. */
export async function createVirtualMeter(
  tx: OrganisationTransaction,
  scope: Scope,
  siteId: string,
  fields: VirtualMeterFields,
): Promise<number> {
  const { id } = await tx.meter.create({
    data: { organisationId: scope.organisationId, siteId, kind: 'virtual', ...fields },
    select: { id: true },
  });
  return id;
}

export async function updateVirtualMeter(
  tx: OrganisationTransaction,
  scope: Scope,
  meterId: number,
  fields: VirtualMeterFields,
): Promise<void> {
  await tx.meter.updateMany({
    where: { organisationId: scope.organisationId, id: meterId, kind: 'virtual' },
    data: fields,
  });
}

/** Puts these terms in the place of those that a virtual meter has. */
export async function replaceTerms(
  tx: OrganisationTransaction,
  scope: Scope,
  meterId: number,
  terms: readonly VirtualTerm[],
): Promise<void> {
  await tx.virtualTerm.deleteMany({ where: { organisationId: scope.organisationId, meterId } });
  await tx.virtualTerm.createMany({
    data: terms.map(({ meterId: sourceMeterId, measurand, sign, from_ms, to_ms }) => ({
      organisationId: scope.organisationId,
      meterId,
      sourceMeterId,
      sourceMeasurand: measurand,
      sign,
      ...(from_ms === null ? {} : { validFrom: new Date(from_ms) }),
      ...(to_ms === null ? {} : { validTo: new Date(to_ms) }),
    })),
  });
}

export interface IntervalExtent {
  readonly meterId: number;
  readonly from: Date;
  readonly to: Date;
}

/** Where the base intervals of some counters begin and end; those without any are left out. */
export async function intervalExtents(
  client: PoolClient,
  scope: Scope,
  counters: readonly { readonly meterId: number; readonly measurand: MeasurandName }[],
): Promise<IntervalExtent[]> {
  const { rows } = await client.query<IntervalExtent>(
    `SELECT w.meter_id AS "meterId", f.start AS "from", l.start + make_interval(secs => l.duration_s) AS "to"
     FROM unnest($2::integer[], $3::smallint[]) AS w (meter_id, measurand)
     CROSS JOIN LATERAL (SELECT start FROM public.interval i WHERE i.organisation_id = $1 AND i.meter_id = w.meter_id
       AND i.measurand = w.measurand ORDER BY start LIMIT 1) f
     CROSS JOIN LATERAL (SELECT start, duration_s FROM public.interval i WHERE i.organisation_id = $1
       AND i.meter_id = w.meter_id AND i.measurand = w.measurand ORDER BY start DESC LIMIT 1) l`,
    [scope.organisationId, counters.map((c) => c.meterId), counters.map((c) => measurandOf(c.measurand).id)],
  );
  return rows;
}
