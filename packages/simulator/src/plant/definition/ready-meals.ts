import type { MeterDraft, SiteDraft } from './draft.ts';

/** Words on the panels of a ready-meals plant, in the language of its electricians. */
export interface PlantWords {
  readonly zones: {
    readonly intake: string;
    readonly cold: string;
    readonly production: string;
    readonly utilities: string;
    readonly offices: string;
  };
  readonly panels: {
    readonly main: string;
    readonly cold: string;
    readonly production: string;
    readonly utilities: string;
    readonly offices: string;
  };
  readonly meters: Readonly<Record<WordKey, string>>;
}
export type WordKey =
  | 'T1'
  | 'F-COLD'
  | 'F-PROD'
  | 'F-UTIL'
  | 'F-OFF'
  | 'COLD-POS'
  | 'COLD-NEG'
  | 'COLD-ROOMS'
  | 'LINE-1'
  | 'LINE-2'
  | 'PACK'
  | 'VENT'
  | 'AIR'
  | 'BOILER-EL'
  | 'CIP'
  | 'LIGHT'
  | 'SOCKETS'
  | 'HVAC'
  | 'HOT-WATER'
  | 'GAS'
  | 'GAS-BOILER'
  | 'GAS-HEAT'
  | 'WATER'
  | 'WATER-CIP'
  | 'PRODUCTION'
  | 'WEATHER'
  | 'Q-MAIN'
  | 'Q-COLD'
  | 'Q-DOCKS';

/** How large a plant is beside Laval, and how its two parts differ. */
export interface PlantSize {
  readonly size: number;
  readonly cold: number;
  readonly production_kg_per_h: number;
}

/**
 * The meters of a ready-meals plant of the group: the same concept everywhere, four main circuits behind one
 * transformer. Loads are kW (m³/h, kg/h) at full output, by what drives them.
 */
export function readyMealsMeters(words: PlantWords, size: PlantSize, ct: number): MeterDraft[] {
  const { size: s, cold: c } = size;
  const { panels: p, zones: z, meters: name } = words;
  return [
    {
      key: 'T1',
      name: name.T1,
      role: 'main',
      line: 'main',
      unit: 1,
      profileId: 'control-unit-modules',
      ct_a: ct,
      circuit: { panel: p.main, name: name.T1, rated_a: ct },
    },
    // Feeders above 80 A.
    {
      key: 'F-COLD',
      name: name['F-COLD'],
      role: 'feeder',
      parent: 'T1',
      line: 'main',
      unit: 2,
      profileId: 'socomec-jbus',
      ct_a: 800,
      circuit: { panel: p.main, name: `Q2 ${name['F-COLD']}`, rated_a: 800 },
    },
    {
      key: 'F-PROD',
      name: name['F-PROD'],
      role: 'feeder',
      parent: 'T1',
      line: 'main',
      unit: 3,
      profileId: 'socomec-jbus',
      ct_a: 630,
      circuit: { panel: p.main, name: `Q3 ${name['F-PROD']}`, rated_a: 630 },
    },
    {
      key: 'F-UTIL',
      name: name['F-UTIL'],
      role: 'feeder',
      parent: 'T1',
      line: 'main',
      unit: 4,
      profileId: 'socomec-jbus',
      ct_a: 400,
      circuit: { panel: p.main, name: `Q4 ${name['F-UTIL']}`, rated_a: 400 },
    },
    {
      key: 'F-OFF',
      name: name['F-OFF'],
      role: 'feeder',
      parent: 'T1',
      line: 'main',
      unit: 5,
      ct_a: 160,
      circuit: { panel: p.main, name: `Q5 ${name['F-OFF']}`, rated_a: 160 },
    },
    // Uses.
    {
      key: 'COLD-POS',
      name: name['COLD-POS'],
      use: 'refrigeration',
      parent: 'F-COLD',
      line: 'cold',
      unit: 11,
      ct_a: 300,
      circuit: { panel: p.cold, name: `Q11 ${name['COLD-POS']}`, rated_a: 250 },
      load: ['compressor', { always: 48 * c, production: 30 * s, refrigeration: 3.9 * c }],
    },
    {
      key: 'COLD-NEG',
      name: name['COLD-NEG'],
      use: 'refrigeration',
      parent: 'F-COLD',
      line: 'cold',
      unit: 12,
      ct_a: 300,
      circuit: { panel: p.cold, name: `Q12 ${name['COLD-NEG']}`, rated_a: 250 },
      load: ['compressor', { always: 62 * c, production: 24 * s, refrigeration: 3 * c }],
    },
    {
      key: 'COLD-ROOMS',
      name: name['COLD-ROOMS'],
      use: 'refrigeration',
      parent: 'F-COLD',
      line: 'cold',
      unit: 13,
      ct_a: 150,
      circuit: { panel: p.cold, name: `Q13 ${name['COLD-ROOMS']}`, rated_a: 125 },
      load: ['motor', { always: 36 * c, shift: 12 * s }],
    },
    {
      key: 'LINE-1',
      name: name['LINE-1'],
      use: 'process',
      parent: 'F-PROD',
      line: 'production',
      unit: 21,
      ct_a: 250,
      circuit: { panel: p.production, name: `Q21 ${name['LINE-1']}`, rated_a: 200 },
      load: ['oven', { always: 2 * s, line1: 62 * s }],
    },
    {
      key: 'LINE-2',
      name: name['LINE-2'],
      use: 'process',
      parent: 'F-PROD',
      line: 'production',
      unit: 22,
      ct_a: 250,
      circuit: { panel: p.production, name: `Q22 ${name['LINE-2']}`, rated_a: 200 },
      load: ['oven', { always: 2 * s, line2: 57 * s }],
    },
    {
      key: 'PACK',
      name: name.PACK,
      use: 'process',
      parent: 'F-PROD',
      line: 'production',
      unit: 23,
      ct_a: 150,
      circuit: { panel: p.production, name: `Q23 ${name.PACK}`, rated_a: 125 },
      load: ['drive', { always: 1.5 * s, production: 38 * s, shift: 7 * s }],
    },
    {
      key: 'VENT',
      name: name.VENT,
      use: 'ventilation',
      parent: 'F-PROD',
      line: 'production',
      unit: 24,
      ct_a: 150,
      circuit: { panel: p.production, name: `Q24 ${name.VENT}`, rated_a: 125 },
      load: ['drive', { always: 12 * s, shift: 42 * s, cooling: 0.8 * s }],
    },
    {
      key: 'AIR',
      name: name.AIR,
      use: 'compressedAir',
      parent: 'F-UTIL',
      line: 'utilities',
      unit: 31,
      ct_a: 250,
      circuit: { panel: p.utilities, name: `Q31 ${name.AIR}`, rated_a: 200 },
      load: ['compressor', { always: 24 * s, production: 72 * s }],
    },
    {
      key: 'BOILER-EL',
      name: name['BOILER-EL'],
      use: 'boilers',
      parent: 'F-UTIL',
      line: 'utilities',
      unit: 32,
      ct_a: 100,
      circuit: { panel: p.utilities, name: `Q32 ${name['BOILER-EL']}`, rated_a: 80 },
      load: ['motor', { always: 7 * s, production: 25 * s }],
    },
    {
      key: 'CIP',
      name: name.CIP,
      use: 'cleaning',
      parent: 'F-UTIL',
      line: 'utilities',
      unit: 33,
      ct_a: 100,
      circuit: { panel: p.utilities, name: `Q33 ${name.CIP}`, rated_a: 100 },
      load: ['motor', { always: 1.5 * s, cip: 44 * s, production: 8 * s }],
    },
    {
      key: 'LIGHT',
      name: name.LIGHT,
      use: 'lighting',
      parent: 'F-OFF',
      line: 'offices',
      unit: 41,
      ct_a: 80,
      circuit: { panel: p.offices, name: `Q41 ${name.LIGHT}`, rated_a: 63 },
      load: ['lamps', { always: 3 * s, lit: 33 * s }],
    },
    {
      key: 'SOCKETS',
      name: name.SOCKETS,
      use: 'sockets',
      parent: 'F-OFF',
      line: 'offices',
      unit: 42,
      ct_a: 40,
      circuit: { panel: p.offices, name: `Q42 ${name.SOCKETS}`, rated_a: 40 },
      load: ['office', { always: 5 * s, office: 9 * s, shift: 2 * s }],
    },
    {
      key: 'HVAC',
      name: name.HVAC,
      use: 'cooling',
      parent: 'F-OFF',
      line: 'offices',
      unit: 43,
      ct_a: 80,
      circuit: { panel: p.offices, name: `Q43 ${name.HVAC}`, rated_a: 63 },
      load: ['compressor', { always: 1.2 * s, cooling: 2.4 * s, heating: 0.35 * s }],
    },
    {
      key: 'HOT-WATER',
      name: name['HOT-WATER'],
      use: 'hotWater',
      parent: 'F-OFF',
      line: 'offices',
      unit: 44,
      profileId: 'ime-conto-d2',
      circuit: { panel: p.offices, name: `Q44 ${name['HOT-WATER']}`, rated_a: 63 },
      load: ['heater', { always: 0.8 * s, shift: 7 * s }],
    },
    // Pulses.
    {
      key: 'GAS',
      name: name.GAS,
      role: 'main',
      pulse: 'gas',
      zone: z.utilities,
      line: 'pulses',
      unit: 61,
      input: 1,
    },
    {
      key: 'GAS-BOILER',
      name: name['GAS-BOILER'],
      use: 'boilers',
      parent: 'GAS',
      pulse: 'gas',
      zone: z.utilities,
      line: 'pulses',
      unit: 61,
      input: 2,
      load: ['flow', { always: 6 * s, production: 62 * s }],
    },
    {
      key: 'GAS-HEAT',
      name: name['GAS-HEAT'],
      use: 'heating',
      parent: 'GAS',
      pulse: 'gas',
      zone: z.utilities,
      line: 'pulses',
      unit: 61,
      input: 3,
      load: ['flow', { heating: 1.7 * s }],
    },
    {
      key: 'WATER',
      name: name.WATER,
      role: 'main',
      pulse: 'water',
      zone: z.utilities,
      line: 'pulses',
      unit: 61,
      input: 4,
    },
    {
      key: 'WATER-CIP',
      name: name['WATER-CIP'],
      use: 'cleaning',
      parent: 'WATER',
      pulse: 'water',
      zone: z.utilities,
      line: 'pulses',
      unit: 61,
      input: 5,
      load: ['flow', { cip: 9 * s, production: 0.8 * s }],
    },
    {
      key: 'PRODUCTION',
      name: name.PRODUCTION,
      pulse: 'production',
      zone: z.production,
      line: 'pulses',
      unit: 61,
      input: 6,
      load: ['exact', { production: size.production_kg_per_h }],
    },
    { key: 'WEATHER', name: name.WEATHER, weather: true, zone: z.utilities, line: 'pulses', unit: 62 },
    // Breakers.
    {
      key: 'Q-MAIN',
      name: name['Q-MAIN'],
      breaker: { of: 'T1', behaviour: 'closed' },
      line: 'main',
      unit: 81,
      circuit: { panel: p.main, name: name.T1, rated_a: ct },
    },
    {
      key: 'Q-COLD',
      name: name['Q-COLD'],
      breaker: { of: 'F-COLD', behaviour: 'closed' },
      line: 'main',
      unit: 82,
      circuit: { panel: p.main, name: `Q2 ${name['F-COLD']}`, rated_a: 800 },
    },
    {
      key: 'Q-DOCKS',
      name: name['Q-DOCKS'],
      breaker: { of: 'F-OFF:docks', behaviour: 'docks' },
      line: 'offices',
      unit: 83,
      circuit: { panel: p.offices, name: name['Q-DOCKS'], rated_a: 40 },
    },
  ];
}

export const readyMealsUnmetered = (s: number): SiteDraft['unmetered'] => ({
  'T1:transformer': ['transformer', { always: 4.2 * s }],
  'T1:auxiliaries': ['motor', { always: 5 * s, shift: 9 * s }],
  'F-COLD:controls': ['office', { always: 1.8 * s }],
  'F-PROD:conveyors': ['drive', { production: 7 * s, always: 0.6 * s }],
  'F-UTIL:pumps': ['motor', { always: 2.2 * s, shift: 1.2 * s }],
  'F-OFF:docks': ['motor', { dock: 5 * s, always: 0.7 * s }],
  'GAS:kitchen': ['flow', { office: 0.9 * s, always: 0.1 * s }],
  'WATER:process': ['flow', { production: 6.5 * s, always: 0.25 * s, office: 0.4 * s }],
});

export const readyMealsLines = (titles: {
  readonly main: string;
  readonly cold: string;
  readonly production: string;
  readonly utilities: string;
  readonly offices: string;
  readonly pulses: string;
}): SiteDraft['lines'] => [
  { key: 'main', name: titles.main, transport: 'tcp', baud: 0 },
  { key: 'cold', name: titles.cold, transport: 'rtu', baud: 19_200 },
  { key: 'production', name: titles.production, transport: 'tcp', baud: 0 },
  { key: 'utilities', name: titles.utilities, transport: 'rtu', baud: 9_600 },
  { key: 'offices', name: titles.offices, transport: 'ascii', baud: 9_600 },
  { key: 'pulses', name: titles.pulses, transport: 'tcp', baud: 0 },
];

/** The zones and panels of the plant. */
export const readyMealsStructure = ({ zones: z, panels: p }: PlantWords): SiteDraft['structure'] => [
  { name: z.intake, panels: [p.main] },
  { name: z.cold, panels: [p.cold] },
  { name: z.production, panels: [p.production] },
  { name: z.utilities, panels: [p.utilities] },
  { name: z.offices, panels: [p.offices] },
];

export const frenchWords: PlantWords = {
  zones: {
    intake: 'Poste de livraison',
    cold: 'Production de froid',
    production: 'Ateliers de cuisson et conditionnement',
    utilities: 'Utilités',
    offices: 'Bureaux et quais',
  },
  panels: {
    main: 'TGBT',
    cold: 'TD Froid',
    production: 'TD Production',
    utilities: 'TD Utilités',
    offices: 'TD Bureaux',
  },
  meters: {
    T1: 'Arrivée transformateur T1',
    'F-COLD': 'Départ froid',
    'F-PROD': 'Départ production',
    'F-UTIL': 'Départ utilités',
    'F-OFF': 'Départ bureaux et quais',
    'COLD-POS': 'Centrale froid positif',
    'COLD-NEG': 'Centrale froid négatif',
    'COLD-ROOMS': 'Évaporateurs chambres froides',
    'LINE-1': 'Ligne de cuisson 1',
    'LINE-2': 'Ligne de cuisson 2',
    PACK: 'Conditionnement',
    VENT: 'Ventilation ateliers',
    AIR: 'Centrale air comprimé',
    'BOILER-EL': 'Chaufferie vapeur, auxiliaires',
    CIP: 'Station NEP',
    LIGHT: 'Éclairage',
    SOCKETS: 'Prises et informatique',
    HVAC: 'Climatisation bureaux',
    'HOT-WATER': 'Ballon eau chaude vestiaires',
    GAS: 'Gaz, comptage général',
    'GAS-BOILER': 'Gaz chaudières vapeur',
    'GAS-HEAT': 'Gaz chauffage',
    WATER: 'Eau, comptage général',
    'WATER-CIP': 'Eau station NEP',
    PRODUCTION: 'Peseuses, produit fini',
    WEATHER: 'Température extérieure',
    'Q-MAIN': 'Q1 Disjoncteur général',
    'Q-COLD': 'Q2 Disjoncteur froid',
    'Q-DOCKS': 'Q45 Quais de chargement',
  },
};

export const germanWords: PlantWords = {
  zones: {
    intake: 'Trafostation',
    cold: 'Kälteanlage',
    production: 'Produktion und Verpackung',
    utilities: 'Energiezentrale',
    offices: 'Büro und Versand',
  },
  panels: {
    main: 'NSHV',
    cold: 'UV Kälte',
    production: 'UV Produktion',
    utilities: 'UV Energiezentrale',
    offices: 'UV Büro',
  },
  meters: {
    T1: 'Einspeisung Trafo T1',
    'F-COLD': 'Abgang Kälte',
    'F-PROD': 'Abgang Produktion',
    'F-UTIL': 'Abgang Energiezentrale',
    'F-OFF': 'Abgang Büro und Versand',
    'COLD-POS': 'Verbundkälte Normalkühlung',
    'COLD-NEG': 'Verbundkälte Tiefkühlung',
    'COLD-ROOMS': 'Verdampfer Kühlräume',
    'LINE-1': 'Kochlinie 1',
    'LINE-2': 'Kochlinie 2',
    PACK: 'Verpackung',
    VENT: 'Lüftung Produktion',
    AIR: 'Druckluftstation',
    'BOILER-EL': 'Kesselhaus, Hilfsantriebe',
    CIP: 'CIP-Anlage',
    LIGHT: 'Beleuchtung',
    SOCKETS: 'Steckdosen und EDV',
    HVAC: 'Klima Büro',
    'HOT-WATER': 'Warmwasser Umkleiden',
    GAS: 'Erdgas, Hauptzähler',
    'GAS-BOILER': 'Erdgas Dampfkessel',
    'GAS-HEAT': 'Erdgas Heizung',
    WATER: 'Wasser, Hauptzähler',
    'WATER-CIP': 'Wasser CIP',
    PRODUCTION: 'Waagen, Fertigprodukt',
    WEATHER: 'Außentemperatur',
    'Q-MAIN': 'Q1 Leistungsschalter Einspeisung',
    'Q-COLD': 'Q2 Leistungsschalter Kälte',
    'Q-DOCKS': 'Q45 Laderampen',
  },
};

export const spanishWords: PlantWords = {
  zones: {
    intake: 'Centro de transformación',
    cold: 'Sala de frío',
    production: 'Cocción y envasado',
    utilities: 'Servicios generales',
    offices: 'Oficinas y muelles',
  },
  panels: {
    main: 'CGBT',
    cold: 'CS Frío',
    production: 'CS Producción',
    utilities: 'CS Servicios',
    offices: 'CS Oficinas',
  },
  meters: {
    T1: 'Acometida transformador T1',
    'F-COLD': 'Salida frío',
    'F-PROD': 'Salida producción',
    'F-UTIL': 'Salida servicios',
    'F-OFF': 'Salida oficinas y muelles',
    'COLD-POS': 'Central de frío positivo',
    'COLD-NEG': 'Central de frío negativo',
    'COLD-ROOMS': 'Evaporadores cámaras',
    'LINE-1': 'Línea de cocción 1',
    'LINE-2': 'Línea de cocción 2',
    PACK: 'Envasado',
    VENT: 'Ventilación naves',
    AIR: 'Central de aire comprimido',
    'BOILER-EL': 'Sala de calderas, auxiliares',
    CIP: 'Estación CIP',
    LIGHT: 'Alumbrado',
    SOCKETS: 'Tomas e informática',
    HVAC: 'Climatización oficinas',
    'HOT-WATER': 'Agua caliente vestuarios',
    GAS: 'Gas, contador general',
    'GAS-BOILER': 'Gas calderas de vapor',
    'GAS-HEAT': 'Gas calefacción',
    WATER: 'Agua, contador general',
    'WATER-CIP': 'Agua CIP',
    PRODUCTION: 'Básculas, producto terminado',
    WEATHER: 'Temperatura exterior',
    'Q-MAIN': 'Q1 Interruptor general',
    'Q-COLD': 'Q2 Interruptor frío',
    'Q-DOCKS': 'Q45 Muelles de carga',
  },
};
