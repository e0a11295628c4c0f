import { keptCounters } from '@wattproof/database';
import type { CountedMeter, MeterRow } from '@wattproof/database/queries';
import { measurandOf } from '@wattproof/energy';
import type { PoolClient } from 'pg';

const exportedId = measurandOf('active_energy_export_wh').id;

/** Mains whose export is kept beside their import: it leaves the balance. */
export async function exportingMains(
  client: PoolClient,
  meters: readonly MeterRow[],
): Promise<CountedMeter[]> {
  const mains = meters.filter((m) => m.role === 'main' && m.measurand === 'active_energy_import_wh');
  const kept = await keptCounters(
    client,
    mains.map((m) => m.id),
  );
  return mains
    .filter((m) => kept.get(m.id)?.includes('active_energy_export_wh'))
    .map((m) => ({ meterId: m.id, measurandId: exportedId }));
}
