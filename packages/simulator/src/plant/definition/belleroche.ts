import type { MeterIncidents, PlantOrganisation } from '../plant.ts';
import { type MeterDraft, type SiteDraft, siteOf } from './draft.ts';
import {
  frenchWords,
  germanWords,
  type PlantWords,
  readyMealsLines,
  readyMealsMeters,
  readyMealsStructure,
  readyMealsUnmetered,
  spanishWords,
} from './ready-meals.ts';
import { storeHours, threeShifts, twoShifts } from './schedules.ts';
import { tariffs } from './tariffs.ts';

const day_ms = 86_400_000;
const hour_ms = 3_600_000;

/** Incidents of the group's meters, by site and meter, counted from the start of the reporting period. */
type Incidents = Readonly<Record<string, Partial<MeterIncidents>>>;

const withIncidents = (meters: readonly MeterDraft[], incidents: Incidents): MeterDraft[] =>
  meters.map((m) => {
    const found = incidents[m.key];
    return found ? { ...m, incidents: found } : m;
  });

const without = (meters: readonly MeterDraft[], keys: readonly string[]): MeterDraft[] =>
  meters.filter((m) => !keys.includes(m.key));

/** Ready meals: three legal entities, six sites, and one of everything that goes wrong. */
export function belleroche(reportingFrom_ms: number, nextPort: () => number): PlantOrganisation {
  const at = (days: number, hours = 9): number => reportingFrom_ms + days * day_ms + hours * hour_ms;
  return {
    key: 'belleroche',
    name: 'Belleroche Foods',
    slug: 'belleroche-foods',
    trade: 'Ready meals',
    locale: 'en',
    currency: 'EUR',
    legalEntities: [
      {
        key: 'sas',
        name: 'Belleroche SAS',
        country: 'FR',
        registrationNumber: 'SIREN 552 081 317',
        fleetDiesel_l: 6400,
      },
      {
        key: 'gmbh',
        name: 'Belleroche GmbH',
        country: 'DE',
        registrationNumber: 'HRB 24817 Augsburg',
        fleetDiesel_l: 2900,
      },
      {
        key: 'espana',
        name: 'Belleroche España SL',
        country: 'ES',
        registrationNumber: 'NIF B50481726',
        fleetDiesel_l: 2300,
      },
    ],
    sites: [
      siteOf(laval(at), nextPort),
      siteOf(rennes(at), nextPort),
      siteOf(leMans(at), nextPort),
      siteOf(augsburg(at), nextPort),
      siteOf(kempten(), nextPort),
      siteOf(zaragoza(), nextPort),
    ],
  };
}

type At = (days: number, hours?: number) => number;

function frenchPlant(): Pick<
  SiteDraft,
  | 'legalEntityKey'
  | 'country'
  | 'timeZone'
  | 'currency'
  | 'schedule'
  | 'unmetered'
  | 'structure'
  | 'subscribedPower_w'
  | 'lines'
> {
  return {
    legalEntityKey: 'sas',
    country: 'FR',
    timeZone: 'Europe/Paris',
    currency: 'EUR',
    schedule: twoShifts('FR', 2),
    unmetered: readyMealsUnmetered(1),
    structure: readyMealsStructure(frenchWords),
    subscribedPower_w: 850_000,
    lines: readyMealsLines({
      main: 'Passerelle TGBT',
      cold: 'Bus froid',
      production: 'Passerelle production',
      utilities: 'Bus utilités',
      offices: 'Bus bureaux',
      pulses: 'Concentrateur',
    }),
  };
}

const frenchMeters = (): MeterDraft[] =>
  readyMealsMeters(frenchWords, { size: 1, cold: 1, production_kg_per_h: 3300 }, 1500);

function laval(at: At): SiteDraft {
  return {
    ...frenchPlant(),
    key: 'laval',
    name: 'Laval',
    activity: 'Ready meals, two shifts, 2 cooking lines',
    latitude: 48.07,
    longitude: -0.77,
    floorArea_m2: 14_200,
    climate: {
      region: 'west of France',
      latitude_deg: 48.07,
      longitude_deg: -0.77,
      mean_c: 11.6,
      seasonal_k: 6.9,
      diurnal_k: 5.2,
    },
    // Floating head pressure and leak repair, switched on with the reporting period.
    saving: { share: 0.06, parts: { 'COLD-POS': 0.36, 'COLD-NEG': 0.36, AIR: 0.28 } },
    meters: withIncidents(frenchMeters(), {
      'LINE-2': {
        replacement: { at_ms: at(-171, 9.25), openingIndex: 4_300, serialNumber: '265118402' },
        outages: [{ from_ms: at(-171, 8.9), to_ms: at(-171, 9.45) }],
      },
      'GAS-HEAT': { outages: [{ from_ms: at(-32, 2), to_ms: at(-32, 7.5) }] },
    }),
    supplies: [
      {
        carrier: 'electricity',
        code: 'PRM 14862093374105',
        name: 'Laval, HTA feeder',
        meterKey: 'T1',
        tariff: tariffs.frElectricity,
      },
      { carrier: 'gas', code: 'PCE GI044712', name: 'Laval, gas', meterKey: 'GAS', tariff: tariffs.frGas },
    ],
    gatewayId: 'belleroche-laval',
  };
}

function rennes(at: At): SiteDraft {
  return {
    ...frenchPlant(),
    key: 'rennes',
    name: 'Rennes',
    activity: 'Ready meals, two shifts, 2 cooking lines',
    latitude: 48.11,
    longitude: -1.68,
    floorArea_m2: 13_900,
    climate: {
      region: 'west of France',
      latitude_deg: 48.11,
      longitude_deg: -1.68,
      mean_c: 11.9,
      seasonal_k: 6.5,
      diurnal_k: 4.9,
    },
    meters: withIncidents(frenchMeters(), {
      AIR: { reset: { at_ms: at(-96, 14) } },
      LIGHT: { flaky: true },
    }),
    supplies: [
      {
        carrier: 'electricity',
        code: 'PRM 14710558206931',
        name: 'Rennes, HTA feeder',
        meterKey: 'T1',
        tariff: tariffs.frElectricity,
      },
      { carrier: 'gas', code: 'PCE GI051388', name: 'Rennes, gas', meterKey: 'GAS', tariff: tariffs.frGas },
    ],
    gatewayId: 'belleroche-rennes',
  };
}

const lines = (
  ...list: readonly (readonly [key: string, name: string, transport: 'tcp' | 'rtu' | 'ascii'])[]
): SiteDraft['lines'] =>
  list.map(([key, name, transport]) => ({ key, name, transport, baud: transport === 'tcp' ? 0 : 19_200 }));

function leMans(at: At): SiteDraft {
  const [main, cold, general] = ['TGBT', 'TD Froid', 'TD Services généraux'] as const;
  return {
    key: 'le-mans',
    name: 'Le Mans',
    legalEntityKey: 'sas',
    activity: 'Cold store, 18 000 pallet places',
    country: 'FR',
    timeZone: 'Europe/Paris',
    currency: 'EUR',
    latitude: 47.99,
    longitude: 0.2,
    floorArea_m2: 9_600,
    subscribedPower_w: 260_000,
    climate: {
      region: 'west of France',
      latitude_deg: 47.99,
      longitude_deg: 0.2,
      mean_c: 11.8,
      seasonal_k: 7.4,
      diurnal_k: 5.6,
    },
    schedule: storeHours('FR'),
    structure: [
      { name: 'Poste de livraison', panels: [main] },
      { name: 'Entrepôt frigorifique', panels: [cold] },
      { name: 'Quais et bureaux', panels: [general] },
    ],
    lines: lines(
      ['main', 'Passerelle TGBT', 'tcp'],
      ['cold', 'Bus froid', 'rtu'],
      ['general', 'Bus services', 'ascii'],
    ),
    unmetered: {
      'T1:transformer': ['transformer', { always: 2.4 }],
      'F-COLD:controls': ['office', { always: 1.4 }],
      'T1:auxiliaries': ['motor', { always: 2, shift: 4 }],
      'F-GEN:pumps': ['motor', { always: 0.9 }],
    },
    meters: withIncidents(
      [
        {
          key: 'T1',
          name: 'Arrivée transformateur',
          role: 'main',
          line: 'main',
          unit: 1,
          ct_a: 800,
          circuit: { panel: main, name: 'Q1 Arrivée', rated_a: 800 },
        },
        {
          key: 'F-COLD',
          name: 'Départ froid',
          role: 'feeder',
          parent: 'T1',
          line: 'main',
          unit: 2,
          profileId: 'socomec-jbus',
          ct_a: 630,
          circuit: { panel: main, name: 'Q2 Départ froid', rated_a: 630 },
        },
        {
          key: 'F-GEN',
          name: 'Départ services généraux',
          role: 'feeder',
          parent: 'T1',
          line: 'main',
          unit: 3,
          ct_a: 200,
          circuit: { panel: main, name: 'Q3 Départ services', rated_a: 200 },
        },
        {
          key: 'COLD-1',
          name: 'Compresseur 1',
          use: 'refrigeration',
          parent: 'F-COLD',
          line: 'cold',
          unit: 11,
          ct_a: 200,
          circuit: { panel: cold, name: 'Q11 Compresseur 1', rated_a: 160 },
          load: ['compressor', { always: 45, refrigeration: 3.1, dock: 4 }],
        },
        {
          key: 'COLD-2',
          name: 'Compresseur 2',
          use: 'refrigeration',
          parent: 'F-COLD',
          line: 'cold',
          unit: 12,
          ct_a: 200,
          circuit: { panel: cold, name: 'Q12 Compresseur 2', rated_a: 160 },
          load: ['compressor', { always: 41, refrigeration: 2.7, dock: 4 }],
        },
        {
          key: 'FANS',
          name: 'Évaporateurs',
          use: 'refrigeration',
          parent: 'F-COLD',
          line: 'cold',
          unit: 13,
          ct_a: 100,
          circuit: { panel: cold, name: 'Q13 Évaporateurs', rated_a: 100 },
          load: ['motor', { always: 22, shift: 3 }],
        },
        {
          key: 'LIGHT',
          name: 'Éclairage entrepôt',
          use: 'lighting',
          parent: 'F-GEN',
          line: 'general',
          unit: 21,
          ct_a: 80,
          circuit: { panel: general, name: 'Q21 Éclairage', rated_a: 63 },
          load: ['lamps', { always: 2, lit: 19 }],
        },
        {
          key: 'TRUCKS',
          name: 'Charge chariots',
          use: 'sockets',
          parent: 'F-GEN',
          line: 'general',
          unit: 22,
          ct_a: 80,
          circuit: { panel: general, name: 'Q22 Charge chariots', rated_a: 63 },
          load: ['drive', { always: 5, dock: 12 }],
        },
        {
          key: 'HEAT',
          name: 'Chauffage bureaux',
          beforeRollover: 9_000_000,
          use: 'heating',
          parent: 'F-GEN',
          line: 'general',
          unit: 23,
          profileId: 'ime-conto-d2',
          circuit: { panel: general, name: 'Q23 Convecteurs', rated_a: 40 },
          load: ['heater', { heating: 0.35 }],
        },
        {
          key: 'GOODS',
          name: 'Palettes expédiées, masse',
          pulse: 'production',
          zone: 'Quais et bureaux',
          line: 'main',
          unit: 61,
          input: 1,
          load: ['exact', { production: 21_000 }],
        },
        {
          key: 'WEATHER',
          name: 'Température extérieure',
          weather: true,
          zone: 'Quais et bureaux',
          line: 'general',
          unit: 62,
        },
        {
          key: 'Q-MAIN',
          name: 'Q1 Disjoncteur général',
          breaker: { of: 'T1', behaviour: 'closed' },
          line: 'main',
          unit: 81,
          circuit: { panel: main, name: 'Q1 Arrivée', rated_a: 800 },
        },
        {
          key: 'Q-DEFROST',
          name: 'Q14 Dégivrage quai',
          breaker: { of: 'F-COLD:controls', behaviour: 'trips' },
          line: 'cold',
          unit: 82,
          circuit: { panel: cold, name: 'Q14 Dégivrage', rated_a: 63 },
        },
      ],
      { TRUCKS: { outages: [{ from_ms: at(11, 5), to_ms: at(11, 8) }] } },
    ),
    supplies: [
      {
        carrier: 'electricity',
        code: 'PRM 19833072415568',
        name: 'Le Mans cold store',
        meterKey: 'T1',
        tariff: tariffs.frElectricity,
      },
    ],
    gatewayId: 'belleroche-le-mans',
  };
}

const germanLines = readyMealsLines({
  main: 'Gateway NSHV',
  cold: 'Bus Kälte',
  production: 'Gateway Produktion',
  utilities: 'Bus Energiezentrale',
  offices: 'Bus Büro',
  pulses: 'Impulssammler',
});

function augsburg(at: At): SiteDraft {
  return {
    key: 'augsburg',
    name: 'Augsburg',
    legalEntityKey: 'gmbh',
    activity: 'Soups and sauces, three shifts',
    country: 'DE',
    timeZone: 'Europe/Berlin',
    currency: 'EUR',
    latitude: 48.37,
    longitude: 10.9,
    floorArea_m2: 11_800,
    subscribedPower_w: 680_000,
    climate: {
      region: 'south of Germany',
      latitude_deg: 48.37,
      longitude_deg: 10.9,
      mean_c: 9.3,
      seasonal_k: 9.6,
      diurnal_k: 5.4,
    },
    schedule: threeShifts('DE-BY', 2),
    structure: readyMealsStructure(germanWords),
    lines: germanLines,
    unmetered: readyMealsUnmetered(0.8),
    meters: withIncidents(
      without(readyMealsMeters(germanWords, { size: 0.8, cold: 0.62, production_kg_per_h: 2900 }, 1250), [
        'WATER-CIP',
        'SOCKETS',
        'Q-COLD',
        'HOT-WATER',
      ]),
      // A fitter put one transformer back the wrong way round after a check.
      { PACK: { reversedPhase: { phase: 2, from_ms: at(38, 10) } } },
    ),
    supplies: [
      {
        carrier: 'electricity',
        code: 'MaLo 50748219036',
        name: 'Augsburg, Mittelspannung',
        meterKey: 'T1',
        tariff: tariffs.deElectricity,
      },
      {
        carrier: 'gas',
        code: 'MaLo 51629047118',
        name: 'Augsburg, Erdgas',
        meterKey: 'GAS',
        tariff: tariffs.deGas,
      },
    ],
    gatewayId: 'belleroche-augsburg',
    customGateway: {
      id: 'belleroche-augsburg-own',
      name: 'Own gateway, waste water',
      meters: [
        {
          key: 'M1',
          name: 'Abwasserpumpen',
          carrier: 'electricity',
          measurand: 'active_energy_import_wh',
        },
        {
          key: 'M2',
          name: 'Kühlturm Nachspeisung',
          carrier: 'water',
          measurand: 'volume_l',
        },
      ],
    },
  };
}

function kempten(): SiteDraft {
  const [main, production] = ['NSHV', 'UV Käserei'] as const;
  return {
    key: 'kempten',
    name: 'Kempten',
    legalEntityKey: 'gmbh',
    activity: 'Cheese and cream, one dairy line',
    country: 'DE',
    timeZone: 'Europe/Berlin',
    currency: 'EUR',
    latitude: 47.73,
    longitude: 10.32,
    floorArea_m2: 3_400,
    subscribedPower_w: 120_000,
    climate: {
      region: 'south of Germany',
      latitude_deg: 47.73,
      longitude_deg: 10.32,
      mean_c: 8.1,
      seasonal_k: 9.1,
      diurnal_k: 5.8,
    },
    schedule: twoShifts('DE-BY', 1),
    structure: [
      { name: 'Trafostation', panels: [main] },
      { name: 'Käserei', panels: [production] },
    ],
    lines: lines(['main', 'Gateway NSHV', 'tcp'], ['dairy', 'Bus Käserei', 'rtu']),
    unmetered: {
      'T1:transformer': ['transformer', { always: 1.1 }],
      'T1:auxiliaries': ['motor', { always: 1.5, shift: 3 }],
      'GAS:heating': ['flow', { heating: 0.35 }],
    },
    meters: [
      {
        key: 'T1',
        name: 'Einspeisung',
        role: 'main',
        line: 'main',
        unit: 1,
        ct_a: 400,
        circuit: { panel: main, name: 'Q1 Einspeisung', rated_a: 400 },
      },
      {
        key: 'COLD',
        name: 'Kälteanlage',
        use: 'refrigeration',
        parent: 'T1',
        line: 'dairy',
        unit: 11,
        ct_a: 100,
        circuit: { panel: production, name: 'Q11 Kälte', rated_a: 100 },
        load: ['compressor', { always: 14, production: 9, refrigeration: 1.2 }],
      },
      {
        key: 'LINE-1',
        name: 'Käsereilinie',
        use: 'process',
        parent: 'T1',
        line: 'dairy',
        unit: 12,
        ct_a: 100,
        circuit: { panel: production, name: 'Q12 Linie', rated_a: 100 },
        load: ['drive', { always: 1, line1: 31 }],
      },
      {
        key: 'CIP',
        name: 'CIP-Anlage',
        use: 'cleaning',
        parent: 'T1',
        line: 'dairy',
        unit: 13,
        ct_a: 40,
        circuit: { panel: production, name: 'Q13 CIP', rated_a: 40 },
        load: ['motor', { always: 0.6, cip: 14, production: 2 }],
      },
      {
        key: 'LIGHT',
        name: 'Beleuchtung',
        use: 'lighting',
        parent: 'T1',
        line: 'dairy',
        unit: 14,
        profileId: 'ime-conto-d2',
        circuit: { panel: production, name: 'Q14 Licht', rated_a: 63 },
        load: ['lamps', { always: 0.6, lit: 8 }],
      },
      {
        key: 'GAS',
        name: 'Erdgas, Hauptzähler',
        role: 'main',
        pulse: 'gas',
        zone: 'Käserei',
        line: 'main',
        unit: 61,
        input: 1,
      },
      {
        key: 'GAS-BOILER',
        name: 'Erdgas Dampfkessel',
        use: 'boilers',
        parent: 'GAS',
        pulse: 'gas',
        zone: 'Käserei',
        line: 'main',
        unit: 61,
        input: 2,
        load: ['flow', { always: 0.8, production: 17 }],
      },
      {
        key: 'WATER',
        name: 'Wasser, Hauptzähler',
        role: 'main',
        pulse: 'water',
        zone: 'Käserei',
        line: 'main',
        unit: 61,
        input: 3,
        load: ['flow', { always: 0.1, production: 2.4, cip: 3 }],
      },
      {
        key: 'PRODUCTION',
        name: 'Milcheingang',
        pulse: 'production',
        zone: 'Käserei',
        line: 'main',
        unit: 61,
        input: 4,
        load: ['exact', { production: 2600 }],
      },
      { key: 'WEATHER', name: 'Außentemperatur', weather: true, zone: 'Käserei', line: 'main', unit: 62 },
      {
        key: 'Q-MAIN',
        name: 'Q1 Leistungsschalter',
        breaker: { of: 'T1', behaviour: 'closed' },
        line: 'main',
        unit: 81,
        circuit: { panel: main, name: 'Q1 Einspeisung', rated_a: 400 },
      },
      {
        key: 'Q-SPARE',
        name: 'Q9 Reserve',
        breaker: { of: 'Q-SPARE', behaviour: 'spare' },
        line: 'main',
        unit: 82,
        circuit: { panel: main, name: 'Q9 Reserve', rated_a: 100 },
      },
    ],
    supplies: [
      {
        carrier: 'electricity',
        code: 'MaLo 50981177245',
        name: 'Kempten, Strom',
        meterKey: 'T1',
        tariff: tariffs.deElectricity,
      },
      {
        carrier: 'gas',
        code: 'MaLo 51840926633',
        name: 'Kempten, Erdgas',
        meterKey: 'GAS',
        tariff: tariffs.deGas,
      },
    ],
    gatewayId: 'belleroche-kempten',
  };
}

function zaragoza(): SiteDraft {
  const words: PlantWords = spanishWords;
  return {
    key: 'zaragoza',
    name: 'Zaragoza',
    legalEntityKey: 'espana',
    activity: 'Vegetables and paella, two shifts, PV on the roof',
    country: 'ES',
    timeZone: 'Europe/Madrid',
    currency: 'EUR',
    latitude: 41.65,
    longitude: -0.88,
    floorArea_m2: 10_700,
    subscribedPower_w: 620_000,
    climate: {
      region: 'Ebro',
      latitude_deg: 41.65,
      longitude_deg: -0.88,
      mean_c: 15.6,
      seasonal_k: 9.4,
      diurnal_k: 6.6,
    },
    schedule: twoShifts('ES-AR', 2),
    structure: readyMealsStructure(words),
    lines: readyMealsLines({
      main: 'Pasarela CGBT',
      cold: 'Bus frío',
      production: 'Pasarela producción',
      utilities: 'Bus servicios',
      offices: 'Bus oficinas',
      pulses: 'Concentrador',
    }),
    unmetered: readyMealsUnmetered(0.75),
    meters: [
      ...without(readyMealsMeters(words, { size: 0.75, cold: 0.62, production_kg_per_h: 2600 }, 1250), [
        'WATER-CIP',
        'SOCKETS',
        'Q-COLD',
        'HOT-WATER',
      ]),
      {
        key: 'PV',
        name: 'Fotovoltaica cubierta',
        generation: true,

        line: 'main',
        unit: 6,
        ct_a: 1250,
        circuit: { panel: words.panels.main, name: 'Q6 Fotovoltaica', rated_a: 1250 },
        load: ['sun', { sun: 560 }],
      },
    ],
    supplies: [
      {
        carrier: 'electricity',
        code: 'CUPS ES0031408276519004KD',
        name: 'Zaragoza, media tensión',
        meterKey: 'T1',
        tariff: tariffs.esElectricity,
      },
      {
        carrier: 'gas',
        code: 'CUPS ES0217010083425519PX',
        name: 'Zaragoza, gas natural',
        meterKey: 'GAS',
        tariff: tariffs.esGas,
      },
    ],
    gatewayId: 'belleroche-zaragoza',
  };
}
