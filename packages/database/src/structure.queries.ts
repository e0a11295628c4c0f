import type { PoolClient } from 'pg';
import type { Scope } from './scope.ts';

export interface ZoneRow {
  readonly id: string;
  readonly name: string;
}
export interface PanelRow extends ZoneRow {
  readonly zoneId: string;
}
export interface CircuitRow extends ZoneRow {
  readonly panelId: string;
  readonly ratedCurrent_a: number | null;
  readonly energyUse: string | null;
}
export interface Structure {
  readonly zones: readonly ZoneRow[];
  readonly panels: readonly PanelRow[];
  readonly circuits: readonly CircuitRow[];
}

/** Zones, panels and circuits of one site, each list in its order on site. */
export async function readStructure(client: PoolClient, scope: Scope, siteId: string): Promise<Structure> {
  const where = 'WHERE organisation_id = $1 AND site_id = $2 ORDER BY position, name';
  const values = [scope.organisationId, siteId];
  const zones = await client.query<ZoneRow>(`SELECT id, name FROM zone ${where}`, values);
  const panels = await client.query<PanelRow>(
    `SELECT id, name, zone_id AS "zoneId" FROM panel ${where}`,
    values,
  );
  const circuits = await client.query<CircuitRow>(
    `SELECT id, name, panel_id AS "panelId", rated_current_a AS "ratedCurrent_a", energy_use AS "energyUse"
     FROM circuit ${where}`,
    values,
  );
  return { zones: zones.rows, panels: panels.rows, circuits: circuits.rows };
}
