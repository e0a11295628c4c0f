import { counterModulus, findProfile } from '@wattproof/devices';
import {
  type LinePlaces,
  type MeterModel,
  type PlantMeter,
  type PlantOrganisation,
  type PlantSite,
  type SiteModel,
  shownValue,
} from '@wattproof/simulator';
import type { ClientBase } from 'pg';
import { storeConfigurationHistory } from './configuration-history.ts';
import {
  gatewayConfigurationOf,
  lineTransport,
  pollPeriod_s,
  versionInForce,
} from './gateway-configuration.ts';
import { insertRow } from './insert.ts';

export interface SeededSite {
  readonly site: PlantSite;
  readonly siteId: string;
  readonly organisationId: number;
  readonly legalEntityId: string;
  /** Meter ids by the plant's key; totals as `total electricity` and so on. */
  readonly meterIds: ReadonlyMap<string, number>;
}

export interface SeededOrganisation {
  readonly organisation: PlantOrganisation;
  readonly organisationId: number;
  readonly legalEntityIds: ReadonlyMap<string, string>;
  readonly sites: readonly SeededSite[];
}

export interface StructureOptions {
  readonly modelOf: (siteKey: string) => SiteModel;
  readonly places: LinePlaces;
  /** Partition of each gateway by id. */
  readonly partitionOf: (gatewayId: string) => number;
  /** Meters are in service since then. */
  readonly since_ms: number;
}

/** Stores an organisation with everything that stands on its sites. */
export async function storeOrganisation(
  client: ClientBase,
  organisation: PlantOrganisation,
  options: StructureOptions,
): Promise<SeededOrganisation> {
  const { name, slug, trade, locale, currency } = organisation;
  const organisationId = await insertRow<number>(client, 'organisation', {
    name,
    slug,
    trade,
    locale,
    currency,
  });
  const legalEntityIds = new Map<string, string>();
  for (const entity of organisation.legalEntities)
    legalEntityIds.set(
      entity.key,
      await insertRow<string>(client, 'legal_entity', {
        organisation_id: organisationId,
        name: entity.name,
        country: entity.country,
        registration_number: entity.registrationNumber,
      }),
    );
  const sites: SeededSite[] = [];
  for (const site of organisation.sites) {
    const legalEntityId = legalEntityIds.get(site.legalEntityKey);
    if (!legalEntityId) throw new Error(`${site.key}: no legal entity ${site.legalEntityKey}`);
    const owner = { organisationId, organisationKey: organisation.key, legalEntityId };
    sites.push(await storeSite(client, site, owner, options));
  }
  return { organisation, organisationId, legalEntityIds, sites };
}

interface Owner {
  readonly organisationId: number;
  readonly organisationKey: string;
  readonly legalEntityId: string;
}

async function storeSite(
  client: ClientBase,
  site: PlantSite,
  owner: Owner,
  options: StructureOptions,
): Promise<SeededSite> {
  const organisation_id = owner.organisationId;
  const siteId = await insertRow<string>(client, 'site', {
    organisation_id,
    legal_entity_id: owner.legalEntityId,
    name: site.name,
    activity: site.activity,
    country: site.country,
    time_zone: site.timeZone,
    currency: site.currency,
    latitude: site.latitude,
    longitude: site.longitude,
    floor_area_m2: site.floorArea_m2,
    subscribed_power_w: site.subscribedPower_w,
  });
  const common = { organisation_id, site_id: siteId };
  const { zoneIds, circuitIds } = await storeTree(client, site, common);
  const gatewayLines = await storeGateway(client, site, { common, options });
  await storeConfigurationHistory(client, site, {
    organisationId: organisation_id,
    organisationKey: owner.organisationKey,
    places: options.places,
    ids: { zoneIds, circuitIds },
    since_ms: options.since_ms,
  });
  const meterIds = new Map<string, number>();
  const model = options.modelOf(site.key);
  let position = 0;
  for (const meter of parentsFirst(site.meters)) {
    const meterId = await insertRow<number>(client, 'meter', {
      ...common,
      ...meterRow(meter),
      zone_id: zoneIds.get(meter.zoneKey),
      circuit_id: meter.circuitKey ? circuitIds.get(meter.circuitKey) : null,
      line_id: gatewayLines.get(meter.device.lineKey),
      parent_id: meter.parentKey ? meterIds.get(meter.parentKey) : null,
      position: position++,
    });
    meterIds.set(meter.key, meterId);
    await insertRow(client, 'gateway_meter', {
      organisation_id,
      gateway_id: site.gatewayId,
      meter_key: meter.key,
      meter_id: meterId,
      valid_from: new Date(options.since_ms),
    });
    await storeReplacement(client, model.meter(meter.key), { organisation_id, meter_id: meterId });
  }
  const { organisationId, legalEntityId } = owner;
  const seeded: SeededSite = { site, siteId, meterIds, organisationId, legalEntityId };
  await storeTotals(client, seeded, { common, meterIds, position });
  await storeCustomGateway(client, site, { common, meterIds, options, zoneIds });
  return seeded;
}

interface Common {
  readonly organisation_id: number;
  readonly site_id: string;
}

async function storeTree(
  client: ClientBase,
  site: PlantSite,
  common: Common,
): Promise<{ readonly zoneIds: Map<string, string>; readonly circuitIds: Map<string, string> }> {
  const zoneIds = new Map<string, string>();
  const circuitIds = new Map<string, string>();
  for (const [position, zone] of site.zones.entries()) {
    const zone_id = await insertRow<string>(client, 'zone', { ...common, name: zone.name, position });
    zoneIds.set(zone.key, zone_id);
    for (const [place, panel] of zone.panels.entries()) {
      const panel_id = await insertRow<string>(client, 'panel', {
        ...common,
        zone_id,
        name: panel.name,
        position: place,
      });
      for (const [order, circuit] of panel.circuits.entries())
        circuitIds.set(
          circuit.key,
          await insertRow<string>(client, 'circuit', {
            ...common,
            panel_id,
            name: circuit.name,
            rated_current_a: circuit.ratedCurrent_a,
            energy_use: circuit.energyUse ?? null,
            position: order,
          }),
        );
    }
  }
  return { zoneIds, circuitIds };
}

async function storeGateway(
  client: ClientBase,
  site: PlantSite,
  { common, options }: { readonly common: Common; readonly options: StructureOptions },
): Promise<ReadonlyMap<string, string>> {
  const { places, partitionOf } = options;
  await insertRow(client, 'gateway', {
    ...common,
    id: site.gatewayId,
    name: `${site.name}, gateway`,
    kind: 'edge',
    partition: partitionOf(site.gatewayId),
    configuration: gatewayConfigurationOf(site, places),
    configuration_version: versionInForce,
  });
  const ids = new Map<string, string>();
  for (const line of site.lines) {
    const { kind, ...settings } = lineTransport(site, line, places);
    ids.set(
      line.key,
      await insertRow<string>(client, 'line', {
        ...common,
        gateway_id: site.gatewayId,
        key: line.key,
        name: line.name,
        transport: kind,
        settings,
      }),
    );
  }
  return ids;
}

/** A meter comes after the one above it. */
function parentsFirst(meters: readonly PlantMeter[]): readonly PlantMeter[] {
  const depth = (m: PlantMeter): number => {
    const parent = m.parentKey && meters.find((p) => p.key === m.parentKey);
    return parent ? 1 + depth(parent) : 0;
  };
  return [...meters].sort((a, b) => depth(a) - depth(b));
}

function meterRow(meter: PlantMeter): Readonly<Record<string, unknown>> {
  const profile = findProfile(meter.device.profileId);
  const modulus =
    profile && meter.measurand ? counterModulus(profile, meter.measurand, meter.device.settings) : undefined;
  return {
    name: meter.name,
    kind: 'physical',
    role: meter.role,
    carrier: meter.carrier,
    energy_use: meter.energyUse ?? null,
    measurand: meter.measurand ?? null,
    profile_id: meter.device.profileId,
    unit_address: meter.device.unit,
    settings: meter.device.settings,
    serial_number: meter.incidents.replacement?.serialNumber ?? meter.serialNumber,
    accuracy: JSON.stringify(meter.accuracy),
    counter_modulus: modulus ?? null,
    rate_max_per_s: meter.rateMax_per_s ?? null,
    reading_period_s: pollPeriod_s,
  };
}

/** A replacement is declared by who did it; a reset is for the workers to find. */
async function storeReplacement(
  client: ClientBase,
  model: MeterModel,
  keys: { readonly organisation_id: number; readonly meter_id: number },
): Promise<void> {
  const { replacement } = model.meter.incidents;
  const { measurand } = model.meter;
  const closing = measurand && model.closingIndex(measurand);
  if (!replacement || !measurand || closing === undefined) return;
  await insertRow(client, 'meter_event', {
    ...keys,
    kind: 'replacement',
    at: new Date(replacement.at_ms),
    measurand,
    closing_index: shownValue(model.meter, measurand)(closing),
    opening_index: replacement.openingIndex,
    note: `${model.meter.serialNumber} replaced by ${replacement.serialNumber}`,
  });
}

interface Term {
  readonly source: string;
  readonly measurand: string;
  readonly sign: 1 | -1;
}

/** Words for a site's totals in the language of its panels. */
const totalNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  FR: {
    electricity: 'Électricité, total site',
    gas: 'Gaz, total site',
    water: 'Eau, total site',
    pv: 'Photovoltaïque autoconsommé',
  },
  DE: {
    electricity: 'Strom, Standort gesamt',
    gas: 'Erdgas, Standort gesamt',
    water: 'Wasser, Standort gesamt',
    pv: 'PV-Eigenverbrauch',
  },
  ES: {
    electricity: 'Electricidad, total centro',
    gas: 'Gas, total centro',
    water: 'Agua, total centro',
    pv: 'Fotovoltaica autoconsumida',
  },
};

/** The site's total per carrier: its mains; with generation, what is made less what is given away. */
async function storeTotals(
  client: ClientBase,
  { site }: SeededSite,
  {
    common,
    meterIds,
    position,
  }: { readonly common: Common; readonly meterIds: Map<string, number>; readonly position: number },
): Promise<void> {
  const mains = site.meters.filter((m) => m.role === 'main');
  const generation = site.meters.filter((m) => m.role === 'generation');
  const exported = mains.filter((m) => m.source.kind === 'electric' && m.source.grid);
  const termsOf = (carrier: string): Term[] =>
    mains
      .filter((m) => m.carrier === carrier && m.measurand)
      .map((m) => ({ source: m.key, measurand: m.measurand as string, sign: 1 }));
  const made: Term[] = generation.map((m) => ({
    source: m.key,
    measurand: 'active_energy_export_wh',
    sign: 1,
  }));
  const given: Term[] = exported.map((m) => ({
    source: m.key,
    measurand: 'active_energy_export_wh',
    sign: -1,
  }));
  const totals: readonly { carrier: string; measurand: string; terms: Term[] }[] = [
    {
      carrier: 'electricity',
      measurand: 'active_energy_import_wh',
      terms: [...termsOf('electricity'), ...given, ...made],
    },
    { carrier: 'gas', measurand: 'volume_l', terms: termsOf('gas') },
    { carrier: 'water', measurand: 'volume_l', terms: termsOf('water') },
    {
      carrier: 'pv',
      measurand: 'active_energy_import_wh',
      terms: made.length > 0 ? [...made, ...given] : [],
    },
  ];
  for (const { carrier, measurand, terms } of totals) {
    if (terms.length === 0) continue;
    const meterId = await insertRow<number>(client, 'meter', {
      ...common,
      name: totalNames[site.country]?.[carrier] ?? `Total ${carrier}`,
      kind: 'virtual',
      role: 'total',
      carrier,
      measurand,
      reading_period_s: pollPeriod_s,
      position,
    });
    meterIds.set(`total ${carrier}`, meterId);
    for (const term of terms)
      await insertRow(client, 'virtual_term', {
        organisation_id: common.organisation_id,
        meter_id: meterId,
        source_meter_id: meterIds.get(term.source),
        source_measurand: term.measurand,
        sign: term.sign,
      });
  }
}

async function storeCustomGateway(
  client: ClientBase,
  site: PlantSite,
  {
    common,
    meterIds,
    options,
    zoneIds,
  }: {
    readonly common: Common;
    readonly meterIds: Map<string, number>;
    readonly options: StructureOptions;
    readonly zoneIds: ReadonlyMap<string, string>;
  },
): Promise<void> {
  const gateway = site.customGateway;
  if (!gateway) return;
  await insertRow(client, 'gateway', {
    ...common,
    id: gateway.id,
    name: gateway.name,
    kind: 'custom',
    partition: options.partitionOf(gateway.id),
  });
  const lastZone = site.zones.at(-1)?.key ?? '';
  for (const meter of gateway.meters) {
    const meterId = await insertRow<number>(client, 'meter', {
      ...common,
      zone_id: zoneIds.get(lastZone),
      name: meter.name,
      kind: 'physical',
      role: 'use',
      carrier: meter.carrier,
      // Of no use: a meter that has never sent would leave a hole in its use's sum.
      energy_use: null,
      measurand: meter.measurand,
      reading_period_s: 60,
      position: 900,
    });
    meterIds.set(`${gateway.id} ${meter.key}`, meterId);
    await insertRow(client, 'gateway_meter', {
      organisation_id: common.organisation_id,
      gateway_id: gateway.id,
      meter_key: meter.key,
      meter_id: meterId,
      valid_from: new Date(options.since_ms),
    });
  }
}
