import type { ConfigurationPlan, LinePlan, PlannedPlace } from '@wattproof/devices';
import type { LinePlaces, PlantLine, PlantMeter, PlantSite } from '@wattproof/simulator';
import type { ClientBase } from 'pg';
import {
  gatewayConfigurationOf,
  lineTransport,
  pollPeriod_s,
  versionInForce,
} from './gateway-configuration.ts';
import { insertRow } from './insert.ts';
import { demoPeople } from './people.ts';

/** Where the meters of a site stand, by the plant's keys. */
export interface TreeIds {
  readonly zoneIds: ReadonlyMap<string, string>;
  readonly circuitIds: ReadonlyMap<string, string>;
}

/** The plan that the site's gateway reads by, as an installer would have made it. */
export const planOfSite = (site: PlantSite, places: LinePlaces, ids: TreeIds): ConfigurationPlan => ({
  pollPeriod_s,
  lines: site.lines.map((line) => linePlanOf(site, line, places, ids)),
});

function linePlanOf(site: PlantSite, line: PlantLine, places: LinePlaces, ids: TreeIds): LinePlan {
  const transport = lineTransport(site, line, places);
  const place: PlannedPlace =
    'path' in transport
      ? { kind: 'serial', path: transport.path }
      : { kind: 'tcp', host: transport.host, port: transport.port };
  return {
    key: line.key,
    name: line.name,
    place,
    wire:
      'path' in transport
        ? {
            mode: transport.kind,
            baud: transport.baud,
            parity: transport.parity,
            stopBits: transport.stopBits,
            length_m: null,
            repeaters: 0,
          }
        : null,
    timeout_ms: 300,
    meters: site.meters
      .filter((meter) => meter.device.lineKey === line.key)
      .map((meter) => meterPlanOf(meter, ids)),
  };
}

const meterPlanOf = (meter: PlantMeter, { zoneIds, circuitIds }: TreeIds): LinePlan['meters'][number] => ({
  key: meter.key,
  name: meter.name,
  unit: meter.device.unit,
  product: null,
  profileId: meter.device.profileId,
  settings: { ...meter.device.settings },
  modules: [],
  supply: null,
  period_s: null,
  carrier: meter.carrier,
  energyUse: meter.energyUse ?? null,
  measurand: meter.measurand ?? null,
  zoneId: zoneIds.get(meter.zoneKey) ?? null,
  circuitId: meter.circuitKey ? (circuitIds.get(meter.circuitKey) ?? null) : null,
});

const hour_ms = 3_600_000;
const day_ms = 24 * hour_ms;

/**
 * How a site's configuration came about: first read each minute; then a change with a slip in an address, which the gateway
 * returned from; then the one that is in force.
 */
export async function storeConfigurationHistory(
  client: ClientBase,
  site: PlantSite,
  {
    organisationId,
    organisationKey,
    places,
    ids,
    since_ms,
  }: {
    readonly organisationId: number;
    readonly organisationKey: string;
    readonly places: LinePlaces;
    readonly ids: TreeIds;
    readonly since_ms: number;
  },
): Promise<void> {
  const plan = planOfSite(site, places, ids);
  const installer =
    demoPeople.find((p) => p.organisationKey === organisationKey && p.role === 'installer')?.displayName ??
    'Installation';
  const slipped = withSlip(plan);
  const wire = gatewayConfigurationOf(site, places);
  const versions = [
    {
      version: 1,
      plan: { ...plan, pollPeriod_s: 60 },
      state: 'confirmed',
      note: 'First installation',
      at_ms: 0,
    },
    {
      version: 2,
      plan: slipped.plan,
      state: 'returned',
      note: 'Read every 10 s',
      at_ms: 2 * day_ms,
      reason: 'devicesSilent',
      message: `answered before and not any more: ${slipped.key}`,
    },
    {
      version: versionInForce,
      plan,
      state: 'confirmed',
      note: 'Read every 10 s, address corrected',
      at_ms: 2 * day_ms + hour_ms,
    },
  ];
  for (const { at_ms, ...row } of versions)
    await insertRow(client, 'gateway_configuration', {
      organisation_id: organisationId,
      gateway_id: site.gatewayId,
      ...row,
      configuration: { ...wire, version: row.version, pollPeriod_s: row.plan.pollPeriod_s },
      created_by: installer,
      sent_by: installer,
      created_at: new Date(since_ms + at_ms),
      updated_at: new Date(since_ms + at_ms),
      sent_at: new Date(since_ms + at_ms),
      settled_at: new Date(since_ms + at_ms + 90_000),
    });
}

/** The plan with one address that nobody has. */
function withSlip(plan: ConfigurationPlan): { readonly plan: ConfigurationPlan; readonly key: string } {
  const [line] = plan.lines;
  const [meter] = line?.meters ?? [];
  if (!line || !meter) throw new Error('a gateway of the demo reads no meter');
  const unit = Math.max(...line.meters.map((m) => m.unit)) + 50;
  const meters = line.meters.map((m) => (m.unit === meter.unit ? { ...m, unit } : m));
  return {
    plan: { ...plan, lines: [{ ...line, meters }, ...plan.lines.slice(1)] },
    key: line.meters
      .filter((m) => m.unit === meter.unit)
      .map((m) => m.key)
      .join(', '),
  };
}
