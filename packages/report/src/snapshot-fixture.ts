import type { AuditReportSnapshot, ReportCell, ReportRow } from './snapshot.ts';

/** For tests: the snapshot of a small audit with something of everything. */

const months = Array.from({ length: 12 }, (_, i) => {
  const date = new Date(Date.UTC(2025, 10 + i, 1));
  return date.toISOString().slice(0, 7);
});

const cells = (special: Readonly<Record<string, ReportCell['state']>> = {}): ReportCell[] =>
  months.map((month) => ({ month, state: special[month] ?? 'billed' }));

const row = (part: Partial<ReportRow> & Pick<ReportRow, 'name' | 'energy_kwh'>): ReportRow => ({
  kind: 'purchased',
  code: 'PRM 14 862 307 452 118',
  siteName: 'Laval',
  carrier: 'electricity',
  energyUse: null,
  amount: { amount: '412345.67', currency: 'EUR' },
  estimated: false,
  calorificBasis: 'none',
  included: true,
  reason: '',
  source: '',
  share: 0.3,
  cells: cells(),
  ...part,
});

export const auditSnapshotFixture: AuditReportSnapshot = {
  snapshotVersion: 1,
  createdAt: '2026-11-20T09:15:00.000Z',
  createdBy: 'Claire Morel',
  organisationName: 'Belleroche Foods',
  audit: {
    id: '6f1c2a34-0000-4000-8000-000000000001',
    name: 'Audit 2026',
    periodFrom: '2025-11-01',
    periodTo: '2026-11-01',
    dueOn: '2026-12-31',
    auditorName: 'Jeanne Lefèvre',
    signedOn: null,
  },
  entity: { name: 'Belleroche SAS', country: 'FR', registrationNumber: '552 100 554' },
  rule: {
    id: 'fr-2026-final-energy-80',
    basis: 'finalEnergy',
    threshold: '0.80',
    obligedUnit: 'SIREN',
    effectiveFrom: '2026-01-01',
    effectiveTo: null,
    source: 'Code de l’énergie D233-3 as of décret 2025-1382: 80 % of final energy consumption',
    verification: 'verified',
    date: '2026-12-31',
  },
  sites: [
    { id: 'a', name: 'Laval', activity: 'Ready meals, two shifts, three lines', floorArea_m2: 12_400 },
    { id: 'b', name: 'Rennes', activity: 'Ready meals, two shifts', floorArea_m2: null },
  ],
  coverage: {
    basis: 'finalEnergy',
    audited: '10244800.125',
    total: '12165400.500',
    unit: 'kWh',
    share_percent: '84.21',
    reachesThreshold: true,
    estimatedShare: 0.0123,
  },
  guide: {
    basis: 'energyBill',
    audited: '1112345.67',
    total: '1412345.67',
    unit: 'EUR',
    share_percent: '78.75',
    reachesThreshold: false,
    estimatedShare: 0.01,
  },
  verdict: 'reached',
  months,
  rows: [
    row({ name: 'Main supply', energy_kwh: '4200000.000', share: 0.345 }),
    row({
      name: 'Boiler house',
      code: 'PCE GI 153 442',
      carrier: 'gas',
      energy_kwh: '3600400.125',
      calorificBasis: 'gross',
      share: 0.296,
      estimated: true,
      cells: cells({ '2026-02': 'estimated' }),
    }),
    row({ name: 'Main supply', siteName: 'Rennes', energy_kwh: '2444400.000', share: 0.201 }),
    row({
      name: 'Cold store',
      siteName: 'Rennes',
      energy_kwh: '1120600.375',
      share: 0.092,
      included: false,
      reason: 'Sold in December 2025',
      cells: cells({ '2025-11': 'billed', '2025-12': 'outsideValidity' }),
    }),
    row({
      name: 'Trucks',
      code: 'Fuel card 7788',
      siteName: null,
      carrier: 'diesel',
      energyUse: 'transport',
      energy_kwh: '800000.000',
      calorificBasis: 'gross',
      share: 0.066,
      included: false,
      reason: 'notListed',
    }),
  ],
  measured: {
    share: 0.871,
    sites: [
      {
        siteName: 'Laval',
        account_kwh: '7800400.125',
        metered_kwh: '7790000.000',
        share: 0.9987,
        quality: { measured: 0.991, interpolated: 0.006, estimated: 0.002, manual: 0, missing: 0.001 },
      },
      {
        siteName: 'Rennes',
        account_kwh: '3565000.375',
        metered_kwh: '2440000.000',
        share: 0.684,
        quality: null,
      },
    ],
    uses: [
      { use: 'boilers', metered_kwh: '3500000.000', share: 0.2877 },
      { use: 'refrigeration', metered_kwh: '1900000.000', share: 0.1562 },
      { use: null, metered_kwh: '300000.000', share: 0.0247 },
    ],
  },
  enpis: [
    {
      name: 'Electricity',
      siteName: 'Laval',
      baselineFrom: '2025-07-01',
      baselineTo: '2026-07-01',
      version: 1,
      terms: [
        { name: 'intercept', base_c: null, value: 6_230_000, standardError: 81_000, p: 0 },
        { name: 'production_g', base_c: null, value: 0.2134, standardError: 0.0031, p: 1e-40 },
        { name: 'hdd', base_c: 15, value: 91_500, standardError: 4_100, p: 0.0004 },
      ],
      statistics: { n: 362, adjustedR2: 0.932, cvRmse: 0.038, autocorrelation: 0.21 },
      savings: {
        from: '2026-07-01',
        to: '2026-11-20',
        knownDays: 141,
        days: 142,
        actual_wh: 1_552_000_000_000,
        expected_wh: 1_650_000_000_000,
        share: { value: -0.0594, halfWidth: 0.0121, confidence: 0.95 },
        energy_wh: { value: -98_000_000_000, halfWidth: 19_900_000_000, confidence: 0.95 },
        cost: { amount: '-14700.00', currency: 'EUR' },
        modelHalfWidth: 0.012,
        meteringHalfWidth: 0.0009,
        verdict: 'saving',
      },
      cusum: Array.from({ length: 142 }, (_, i) => ({
        date: new Date(Date.UTC(2026, 6, 1 + i)).toISOString().slice(0, 10),
        cusum_wh: -690_000_000 * i + 4e9 * Math.sin(i / 7),
        band_wh: 1.67e9 * Math.sqrt(i + 1),
      })),
      findings: [{ code: 'baselineDataChanged', message: 'changed', data: {} }],
    },
  ],
  events: [
    {
      siteName: 'Laval',
      meterName: 'Compressor 2',
      kind: 'replacement',
      at: '2026-03-12T08:30:00.000Z',
      timeZone: 'Europe/Paris',
      origin: 'declared',
    },
  ],
  findings: [{ code: 'currencyMixed', message: 'mixed', data: {} }],
};
