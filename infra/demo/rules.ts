import type { PlantOrganisation, PlantSite } from '@wattproof/simulator';
import type { ClientBase } from 'pg';
import type { DemoClock } from './demo-clock.ts';
import { insertRow } from './insert.ts';
import type { SeededOrganisation, SeededSite } from './structure.ts';

/** Prices, alarm rules and performance indicators of an organisation's sites. */
export async function storeRules(
  client: ClientBase,
  organisation: SeededOrganisation,
  clock: DemoClock,
): Promise<void> {
  for (const site of organisation.sites) {
    await storeTariffs(client, site, clock);
    await storeAlarmRules(client, site, organisation.organisation);
    await storeEnpi(client, site, clock);
  }
}

/** Prices of the two years that the demo touches; the second is 3 % dearer. */
async function storeTariffs(client: ClientBase, seeded: SeededSite, clock: DemoClock): Promise<void> {
  const { site } = seeded;
  const firstYear = Number(clock.auditFrom.slice(0, 4)) - 1;
  for (const [index, factor] of [1, 1.02, 1.03].entries()) {
    const common = {
      organisation_id: seeded.organisationId,
      site_id: seeded.siteId,
      valid_from: `${firstYear + index}-01-01`,
      currency: site.currency,
    };
    for (const { carrier, tariff, name } of site.supplies) {
      const price = tariff.energy_per_kwh + tariff.network_per_kwh + tariff.levies_per_kwh;
      await insertRow(client, 'tariff', {
        ...common,
        carrier,
        price_per_unit: (price * factor).toFixed(6),
        unit: 'kWh',
        source: `Contract ${name}, energy, network and levies without VAT`,
      });
    }
    if (site.meters.some((m) => m.carrier === 'water'))
      await insertRow(client, 'tariff', {
        ...common,
        carrier: 'water',
        price_per_unit: (3.12 * factor).toFixed(6),
        unit: 'm³',
        source: 'Municipal water and waste water',
      });
  }
}

interface ThresholdDraft {
  readonly meter: string;
  readonly name: string;
  readonly measurand: string;
  readonly comparison: 'above' | 'below';
  readonly threshold: number;
  readonly hysteresis: number;
  readonly delay_s: number;
  readonly severity?: 'critical';
  readonly procedure: string;
  /** Where it is watched; everywhere that has the meter when left out. */
  readonly sites?: readonly string[];
}

/** What a plant watches: contract power, power factor, voltage quality, the largest uses. */
function thresholdsOf(site: PlantSite): readonly ThresholdDraft[] {
  const drafts: ThresholdDraft[] = [
    {
      meter: 'T1',
      name: 'Power above 95 % of the subscribed power',
      measurand: 'active_power_w',
      comparison: 'above',
      threshold: 0.95 * site.subscribedPower_w,
      hysteresis: 0.03 * site.subscribedPower_w,
      delay_s: 300,
      severity: 'critical',
      procedure: 'Switch the second refrigeration group to night mode, then call the energy manager.',
    },
    {
      meter: 'T1',
      name: 'Power factor below 0.88',
      measurand: 'power_factor',
      comparison: 'below',
      threshold: 0.88,
      hysteresis: 0.01,
      delay_s: 600,
      sites: ['le-mans', 'augsburg'],
      procedure: 'Check that the capacitor bank switches on; reactive energy is billed in the winter months.',
    },
    {
      meter: 'T1',
      name: 'Voltage of L1 below 218 V',
      measurand: 'voltage_l1_n_v',
      comparison: 'below',
      threshold: 218,
      hysteresis: 2,
      delay_s: 60,
      procedure: 'Compare with the other phases, then call the network operator.',
    },
    {
      meter: 'T1',
      name: 'Voltage distortion above 5 %',
      measurand: 'thd_voltage_l1_percent',
      comparison: 'above',
      threshold: 5,
      hysteresis: 0.5,
      delay_s: 600,
      procedure: 'See which feeder carries the distorted current.',
    },
    {
      meter: 'AIR',
      name: 'Compressed air above 103 kW',
      measurand: 'active_power_w',
      comparison: 'above',
      threshold: 103_000,
      hysteresis: 6000,
      delay_s: 150,
      procedure: 'Look for an open blow-off on the packing lines; close the zone valve of the idle line.',
    },
    {
      meter: 'COLD-NEG',
      name: 'Low-temperature refrigeration above 110 kW',
      measurand: 'active_power_w',
      comparison: 'above',
      threshold: 110_000,
      hysteresis: 5000,
      delay_s: 300,
      procedure: 'Check condenser fans and head pressure; clean the condenser when it is above 14 bar.',
    },
    {
      meter: 'Q-DEFROST',
      name: 'Defrost breaker has tripped',
      measurand: 'breaker_position',
      comparison: 'above',
      threshold: 1.5,
      hysteresis: 0.2,
      delay_s: 0,
      severity: 'critical',
      procedure: 'Read the cause of the trip on the breaker before it is closed again.',
    },
  ];
  return drafts.filter(
    (d) => site.meters.some((m) => m.key === d.meter) && (d.sites?.includes(site.key) ?? true),
  );
}

async function storeAlarmRules(
  client: ClientBase,
  seeded: SeededSite,
  { key }: PlantOrganisation,
): Promise<void> {
  const { site, meterIds } = seeded;
  const common = { organisation_id: seeded.organisationId, site_id: seeded.siteId };
  for (const { meter, procedure, sites: _, ...rule } of thresholdsOf(site)) {
    const scale = meter === 'AIR' || meter === 'COLD-NEG' ? sizeOf(site) : 1;
    await insertRow(client, 'alarm_rule', {
      ...common,
      ...rule,
      name:
        scale === 1
          ? rule.name
          : rule.name.replace(/\d+ kW/, `${Math.round((rule.threshold * scale) / 1000)} kW`),
      threshold: scale === 1 ? rule.threshold : Math.round((rule.threshold * scale) / 1000) * 1000,
      kind: 'threshold',
      meter_id: meterIds.get(meter),
      severity: rule.severity ?? 'warning',
      procedure,
    });
  }
  await insertRow(client, 'alarm_rule', {
    ...common,
    kind: 'noData',
    name: 'Gateway sends nothing',
    gateway_id: site.gatewayId,
    severity: 'critical',
    procedure: 'Check power and network of the gateway in the main panel.',
  });
  const flaky = site.meters.find((m) => m.incidents.flaky);
  if (flaky && key === 'belleroche')
    await insertRow(client, 'alarm_rule', {
      ...common,
      kind: 'noData',
      name: `${flaky.name}: no data`,
      meter_id: meterIds.get(flaky.key),
      procedure: 'Check the terminals of the bus at this meter and the shield’s earth.',
    });
}

/** Loads of the smaller plants are scaled; so are the limits. */
const sizeOf = (site: PlantSite): number =>
  ({ laval: 1, rennes: 1, augsburg: 0.8, zaragoza: 0.75 })[site.key] ?? 1;

async function storeEnpi(client: ClientBase, seeded: SeededSite, clock: DemoClock): Promise<void> {
  const { site, meterIds } = seeded;
  const enpiId = await insertRow<string>(client, 'enpi', {
    organisation_id: seeded.organisationId,
    site_id: seeded.siteId,
    name: `${site.name}, daily electricity`,
    meter_id: meterIds.get('total electricity'),
    measurand: 'active_energy_import_wh',
    baseline_from: clock.baselineFrom,
    baseline_to: clock.reportingFrom,
    reporting_from: clock.reportingFrom,
    confidence: 0.95,
  });
  for (const { carrier, ...variable } of demoVariables) {
    const meter = site.meters.find((m) => m.carrier === carrier);
    if (!meter) continue;
    const variableId = await insertRow<string>(client, 'relevant_variable', {
      organisation_id: seeded.organisationId,
      site_id: seeded.siteId,
      name: meter.name,
      source: 'meter',
      meter_id: meterIds.get(meter.key),
      measurand: variable.key,
      ...variable,
    });
    await client.query(
      'INSERT INTO enpi_variable (enpi_id, variable_id, organisation_id) VALUES ($1, $2, $3)',
      [enpiId, variableId, seeded.organisationId],
    );
  }
}

const demoVariables = [
  { carrier: 'production', key: 'production_g', unit: 'g', quantity: 'amount', combine: 'sum' },
  { carrier: 'weather', key: 'outdoor_temperature_c', unit: '°C', quantity: 'temperature', combine: 'mean' },
] as const;
