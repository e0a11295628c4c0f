import type { ClientBase } from 'pg';
import { fleetCode } from './bills.ts';
import type { DemoClock } from './demo-clock.ts';
import { insertRow } from './insert.ts';
import type { SeededOrganisation } from './structure.ts';

/** Why a delivery point is outside the audited scope, by its code. */
interface LeftOut {
  readonly [siteOrFleet: string]: string;
}

interface AuditDraft {
  readonly dueOn: string;
  readonly auditorName: string;
  readonly leftOut: LeftOut;
}

/** Scopes as the group chose them: France reaches its threshold, Germany does not yet, Spain does. */
const drafts: Readonly<Record<string, AuditDraft>> = {
  'belleroche sas': {
    dueOn: '2026-10-11',
    auditorName: '',
    leftOut: {
      'le-mans': 'No site visit possible before the due date',
      fleet: 'Transport: smallest set of sites reaches the threshold without it',
    },
  },
  'belleroche gmbh': {
    dueOn: '2027-05-05',
    auditorName: '',
    leftOut: {
      kempten: 'Dairy is being rebuilt, audited next year',
      fleet: 'Leased lorries, mileage records not complete',
    },
  },
  'belleroche espana': {
    dueOn: '2027-02-14',
    auditorName: '',
    leftOut: { fleet: 'Own fleet: the threshold is reached without it' },
  },
  'nordlicht gmbh': {
    dueOn: '2027-06-30',
    auditorName: '',
    leftOut: { fleet: 'Transport audit is a separate contract' },
  },
};
const plain: AuditDraft = { dueOn: '2027-06-30', auditorName: '', leftOut: {} };

/** Auditor-days and travel in euro, as the auditor's offer states them. */
const efforts: Readonly<Record<string, readonly [days: string, travel: string]>> = {
  laval: ['4', '310'],
  rennes: ['3', '240'],
  'le-mans': ['2', '280'],
  augsburg: ['4', '620'],
  kempten: ['2.5', '540'],
  zaragoza: ['3', '480'],
};

/** Delivery points, one audit for each legal entity with its scope, and the rows of the account that are no bills. */
export async function storeAudits(
  client: ClientBase,
  seeded: SeededOrganisation,
  { clock, validFrom }: { readonly clock: DemoClock; readonly validFrom: string },
): Promise<void> {
  const { organisation, organisationId: organisation_id } = seeded;
  for (const entity of organisation.legalEntities) {
    const legal_entity_id = seeded.legalEntityIds.get(entity.key);
    const draft = drafts[`${organisation.key} ${entity.key}`] ?? plain;
    const audit_id = await insertRow<string>(client, 'audit', {
      organisation_id,
      legal_entity_id,
      name: `Energy audit ${entity.name}`,
      period_from: clock.auditFrom,
      period_to: clock.auditTo,
      auditor_name: draft.auditorName,
      due_on: draft.dueOn,
      rate_per_day: '940.00',
    });
    const common = { organisation_id, legal_entity_id, valid_from: validFrom };
    const addPoint = async (row: Readonly<Record<string, unknown>>, place: string): Promise<void> => {
      const delivery_point_id = await insertRow<string>(client, 'delivery_point', { ...common, ...row });
      const reason = draft.leftOut[place];
      await insertRow(client, 'audit_scope', {
        organisation_id,
        audit_id,
        delivery_point_id,
        included: reason === undefined,
        reason: reason ?? '',
      });
    };
    for (const { site, siteId, meterIds } of seeded.sites) {
      if (site.legalEntityKey !== entity.key) continue;
      const [days, travel] = efforts[site.key] ?? ['2', '200'];
      await client.query(
        `INSERT INTO audit_site (organisation_id, audit_id, site_id, auditor_days, travel_cost) VALUES ($1, $2, $3, $4, $5)`,
        [organisation_id, audit_id, siteId, days, travel],
      );
      for (const supply of site.supplies)
        await addPoint(
          { site_id: siteId, carrier: supply.carrier, code: supply.code, name: supply.name },
          site.key,
        );
      const selfConsumed = meterIds.get('total pv');
      if (selfConsumed !== undefined)
        await insertRow(client, 'energy_account_row', {
          organisation_id,
          legal_entity_id,
          site_id: siteId,
          kind: 'selfConsumed',
          carrier: 'pv',
          meter_id: selfConsumed,
          reason: 'Photovoltaic energy made and used on site',
          source: 'Meters: generation less export',
        });
    }
    if (entity.fleetDiesel_l > 0)
      await addPoint(
        {
          site_id: null,
          carrier: 'diesel',
          energy_use: 'transport',
          code: fleetCode(entity),
          name: `${entity.name}, own fleet`,
        },
        'fleet',
      );
  }
}
