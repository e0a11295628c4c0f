import type { Carrier, EnergyUse } from '@wattproof/energy';

/** Surfaces, inks and meanings of one theme. Components and charts use these names only. */
export interface ThemeColors {
  readonly sheet: string;
  readonly rail: string;
  readonly raised: string;
  readonly sunk: string;
  readonly rule: string;
  readonly rule2: string;
  readonly ctl: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly accent: string;
  readonly accentInk: string;
  readonly accentWash: string;
  readonly crit: string;
  readonly critWash: string;
  readonly warn: string;
  readonly warnWash: string;
  readonly good: string;
  readonly band: string;
  readonly bandLine: string;
}

/** Everything a view needs to be drawn in one theme. */
export interface Theme {
  readonly name: 'light' | 'dark';
  readonly colors: ThemeColors;
  readonly carriers: Readonly<Record<Carrier, string>>;
  readonly uses: Readonly<Record<EnergyUse | 'unexplained', string>>;
  readonly shadow: string;
}

export const light: Theme = {
  name: 'light',
  colors: {
    sheet: '#fcfcfa',
    rail: '#f3f3ef',
    raised: '#ffffff',
    sunk: '#f0f0eb',
    rule: '#dddcd5',
    rule2: '#a9aaa2',
    ctl: '#8a8d86',
    ink: '#15191a',
    ink2: '#444b4d',
    ink3: '#62696a',
    accent: '#0a5c63',
    accentInk: '#ffffff',
    accentWash: '#e3eeed',
    crit: '#b3261e',
    critWash: '#f9e9e6',
    warn: '#845200',
    warnWash: '#f7eedc',
    good: '#1f6a3c',
    band: '#dcddd6',
    bandLine: '#8c8f87',
  },
  carriers: {
    electricity: '#0e31ad',
    gas: '#a15702',
    steam: '#ae6fc8',
    heat: '#922a30',
    cooling: '#1c6b87',
    compressedAir: '#31373f',
    lpg: '#4b3500',
    diesel: '#746c64',
    biomass: '#779a68',
    water: '#069f94',
    pv: '#a7910f',
  },
  uses: {
    refrigeration: '#3658c3',
    boilers: '#aa4a0c',
    heating: '#6d0b00',
    cooling: '#337d95',
    hotWater: '#a5416e',
    lighting: '#a69023',
    sockets: '#a57ed7',
    ventilation: '#629c94',
    cleaning: '#358652',
    process: '#571565',
    transport: '#5d493c',
    compressedAir: '#31373f',
    unexplained: '#8a8d86',
  },
  shadow: '0 8px 24px -8px rgb(21 25 26 / 18%)',
};

export const dark: Theme = {
  name: 'dark',
  colors: {
    sheet: '#121517',
    rail: '#0d1011',
    raised: '#1a1e20',
    sunk: '#181c1e',
    rule: '#2b3033',
    rule2: '#4d5457',
    ctl: '#6f7779',
    ink: '#ebece8',
    ink2: '#b9bebc',
    ink3: '#909896',
    accent: '#62c4c8',
    accentInk: '#07191a',
    accentWash: '#143033',
    crit: '#ff8f7e',
    critWash: '#3a1d19',
    warn: '#e6b45c',
    warnWash: '#33270f',
    good: '#7cc796',
    band: '#3d4447',
    bandLine: '#7b8385',
  },
  carriers: {
    electricity: '#5c87ee',
    gas: '#e38b41',
    steam: '#af88ba',
    heat: '#cd6264',
    cooling: '#9fe6ff',
    compressedAir: '#6b6f7e',
    lpg: '#8c6c06',
    diesel: '#dbd4ce',
    biomass: '#c2eea7',
    water: '#67a392',
    pv: '#fcd535',
  },
  uses: {
    refrigeration: '#4694ff',
    boilers: '#e39068',
    heating: '#c9442a',
    cooling: '#8dd4fd',
    hotWater: '#eeacc1',
    lighting: '#ffcd3a',
    sockets: '#9c8db7',
    ventilation: '#56a796',
    cleaning: '#b3ecb4',
    process: '#9a4fb3',
    transport: '#837764',
    compressedAir: '#6b6f7e',
    unexplained: '#6f7779',
  },
  shadow: '0 8px 24px -8px rgb(0 0 0 / 60%)',
};

export const themes = { light, dark } as const;

/** Two-letter codes that stand wherever a carrier's or a use's colour stands; the same in every language. */
export const carrierCodes: Readonly<Record<Carrier, string>> = {
  electricity: 'EL',
  gas: 'GA',
  steam: 'ST',
  heat: 'HE',
  cooling: 'CO',
  compressedAir: 'AI',
  lpg: 'LP',
  diesel: 'DI',
  biomass: 'BI',
  water: 'WA',
  pv: 'PV',
};

export const useCodes: Readonly<Record<EnergyUse | 'unexplained', string>> = {
  refrigeration: 'RE',
  boilers: 'BO',
  heating: 'HT',
  cooling: 'CG',
  hotWater: 'HW',
  lighting: 'LI',
  sockets: 'SO',
  ventilation: 'VE',
  cleaning: 'CL',
  process: 'PR',
  transport: 'TR',
  compressedAir: 'AI',
  unexplained: '··',
};

export const fontFamily = "'IBM Plex Sans', sans-serif";
