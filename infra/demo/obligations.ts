import type { StatedProfile } from '@wattproof/database';
import {
  addDecimal,
  type CalorificBasis,
  type Carrier,
  type Decimal,
  multiplyDecimal,
  roundDecimal,
  type YearEnergy,
} from '@wattproof/energy';
import type { ClientBase } from 'pg';
import type { DemoClock } from './demo-clock.ts';
import type { SeededOrganisation } from './structure.ts';

interface Statement {
  readonly staff: readonly [before: string, last: string];
  readonly turnover: readonly [before: string, last: string];
  readonly balance: readonly [before: string, last: string];
  readonly audits: readonly string[];
  /** Of a year like the one that is billed. */
  readonly energy: readonly CarrierYear[];
  /** Share of its energy inside the certificate's scope; none: no certificate. */
  readonly certifiedShare?: Decimal;
}

/** What the entities state. France's last audit is too old; Germany's certificate does not reach far enough. */
const statements: Readonly<Record<string, Statement>> = {
  'belleroche sas': {
    staff: ['612', '598'],
    turnover: ['143200000.00', '151900000.00'],
    balance: ['88400000.00', '91700000.00'],
    audits: ['2018-11-20', '2022-09-30'],
    energy: [
      { carrier: 'electricity', basis: 'none', energy_kwh: '8858000' },
      { carrier: 'gas', basis: 'gross', energy_kwh: '7691000' },
      { carrier: 'diesel', basis: 'gross', energy_kwh: '819000' },
    ],
  },
  'belleroche gmbh': {
    staff: ['268', '274'],
    turnover: ['61300000.00', '64800000.00'],
    balance: ['39900000.00', '41200000.00'],
    audits: ['2023-05-05'],
    energy: [
      { carrier: 'electricity', basis: 'none', energy_kwh: '3804000' },
      { carrier: 'gas', basis: 'gross', energy_kwh: '5652000' },
      { carrier: 'diesel', basis: 'gross', energy_kwh: '370000' },
    ],
    certifiedShare: '0.64',
  },
  'belleroche espana': {
    staff: ['181', '176'],
    turnover: ['52400000.00', '54100000.00'],
    balance: ['43900000.00', '44600000.00'],
    audits: ['2023-02-14'],
    energy: [
      { carrier: 'electricity', basis: 'none', energy_kwh: '2031000' },
      { carrier: 'gas', basis: 'gross', energy_kwh: '2728000' },
      { carrier: 'diesel', basis: 'gross', energy_kwh: '301000' },
    ],
  },
};

/** Consumption of the years before the bills begin, against that of the year that is billed. */
const earlierYears: readonly Decimal[] = ['1.035', '1.02', '1.01'];

/** States size, energy, certificates and audits of the entities that the demo tells of. */
export async function storeObligations(
  client: ClientBase,
  seeded: SeededOrganisation,
  clock: DemoClock,
): Promise<void> {
  const { organisation, organisationId } = seeded;
  for (const entity of organisation.legalEntities) {
    const statement = statements[`${organisation.key} ${entity.key}`];
    const legalEntityId = seeded.legalEntityIds.get(entity.key);
    if (!statement || !legalEntityId) continue;
    const stated = profileOf(statement, clock);
    await client.query(
      `INSERT INTO obliged_unit (id, organisation_id, legal_entity_id, name, country, profile, updated_by)
       VALUES ($1, $2, $1, $3, $4, $5, 'Finance')`,
      [legalEntityId, organisationId, entity.name, entity.country, JSON.stringify(stated)],
    );
  }
}

interface CarrierYear {
  readonly carrier: Carrier;
  readonly basis: CalorificBasis;
  readonly energy_kwh: Decimal;
}

function profileOf(
  { staff, turnover, balance, audits, energy, certifiedShare }: Statement,
  clock: DemoClock,
): StatedProfile {
  const thisYear = Number(clock.auditTo.slice(0, 4));
  const years = earlierYears.map((factor, i) => ({ year: thisYear - earlierYears.length + i, factor }));
  const rows = years.flatMap(({ year, factor }) =>
    energy.map(
      (row): YearEnergy => ({
        year,
        carrier: row.carrier,
        kind: 'purchased',
        energy_kwh: roundDecimal(multiplyDecimal(row.energy_kwh, factor), 0, 'halfEven'),
        calorificBasis: row.basis,
        source: `Yearly statement of suppliers ${year}`,
      }),
    ),
  );
  const total = rows
    .filter(({ year }) => year === thisYear - 1)
    .reduce((sum, row) => addDecimal(sum, row.energy_kwh), '0');
  const euro = (amount: Decimal) => ({ amount, currency: 'EUR' });
  return {
    accountingYears: [0, 1].map((i) => ({
      year: thisYear - 2 + i,
      staff: staff[i] ?? null,
      turnover: euro(turnover[i] ?? '0'),
      balance: euro(balance[i] ?? '0'),
    })),
    energy: rows,
    wholeYears: years.map(({ year }) => year),
    certificates: certifiedShare
      ? [
          {
            standard: 'iso50001',
            number: 'EN-50001-24817',
            validFrom: `${thisYear - 1}-03-01`,
            validTo: `${thisYear + 2}-03-01`,
            includesAnnexViAudit: true,
            scope: {
              covered: roundDecimal(multiplyDecimal(total, certifiedShare), 0, 'halfEven'),
              total,
            },
          },
        ]
      : [],
    audits,
    obligedSince: null,
    isEnergyIntensive: null,
    reminders_days: [180, 60, 14],
    note: 'Annual accounts and the suppliers’ yearly statements',
  };
}
