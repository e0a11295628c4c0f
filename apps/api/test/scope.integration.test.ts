import { auditDetail, scopeProposal } from '@wattproof/contracts/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from './fixture.ts';

let api: TestApi;
let path: string;

/** A point of the other site and one of the fleet, billed over the months of the audit like the first. */
async function addPoint(siteId: string | null, code: string, monthly_kwh: number): Promise<void> {
  const { id, legalEntityId, deliveryPointId } = api.first;
  await api.admin.query(
    `WITH p AS (INSERT INTO delivery_point (organisation_id, legal_entity_id, site_id, carrier, code, name, valid_from)
       SELECT $1, $2, $3, 'electricity', $4, $4, valid_from FROM delivery_point WHERE id = $5 RETURNING id)
     INSERT INTO bill (organisation_id, delivery_point_id, number, period_from, period_to, quantity, unit, energy_kwh,
       calorific_basis, amount_ex_vat, currency)
     SELECT $1, p.id, b.number, b.period_from, b.period_to, $6, 'kWh', $6, 'none', $6, 'EUR' FROM bill b, p
     WHERE b.delivery_point_id = $5`,
    [id, legalEntityId, siteId, code, deliveryPointId, monthly_kwh],
  );
}

beforeAll(async () => {
  api = await startApi();
  path = `/audits/${api.first.auditId}`;
  await addPoint(api.first.otherSiteId, 'PRM-other', 3000);
  await addPoint(null, 'CARD-1', 500);
});
afterAll(() => api?.close());

describe('the audited scope', () => {
  it('is proposed at least cost and with fewest places, days counting while no rate is stated', async () => {
    const auditor = await api.as(api.first, 'auditor');
    const answer = await auditor(`GET ${path}/scope-proposal`);
    expect(answer.status, answer.text).toBe(200);
    const proposal = scopeProposal.parse(answer.json);
    expect(proposal).toMatchObject({ costUnit: 'days', findings: [{ code: 'effortNotEntered' }] });
    expect(proposal.parts.map(({ kind }) => kind).sort()).toEqual(['point', 'site', 'site']);
    expect(proposal.cheapest).toMatchObject({ isOptimal: true });
    expect(Number(proposal.cheapest?.share_percent)).toBeGreaterThanOrEqual(Number(proposal.threshold) * 100);
    expect(proposal.fewest?.partIds.length).toBeLessThanOrEqual(proposal.cheapest?.partIds.length ?? 0);
  });

  it('weighs auditor-days and travel as entered, and keeps what is mandatory', async () => {
    const manager = await api.as(api.first, 'energyManager');
    const site = { auditorDays: '2', travelCost: '0', isMandatory: false, cluster: null };
    const answer = await manager(`PUT ${path}/effort`, {
      ratePerDay: '900.00',
      sites: [
        { ...site, siteId: api.first.siteId, isMandatory: true },
        { ...site, siteId: api.first.otherSiteId, travelCost: '450.50' },
      ],
      clusters: [],
    });
    expect(answer.status, answer.text).toBe(200);
    const proposal = scopeProposal.parse(answer.json);
    expect(proposal.costUnit).toBe('EUR');
    expect(proposal.cheapest?.partIds).toContain(api.first.siteId);
    expect(proposal.parts.find(({ id }) => id === api.first.otherSiteId)?.cost).toBe('2250.50');
    const { rows } = await api.admin.query(
      "SELECT before->>'ratePerDay' AS before, after->>'ratePerDay' AS after FROM audit_event WHERE action = 'audit.setEffort'",
    );
    expect(rows).toEqual([{ before: '0.00', after: '900.00' }]);
  });

  it('refuses effort of sites of others, twice the same, and unknown clusters, and keeps what was', async () => {
    const manager = await api.as(api.first, 'energyManager');
    const site = { auditorDays: '1', travelCost: '0', isMandatory: false, cluster: 'none' };
    const answer = await manager(`PUT ${path}/effort`, {
      ratePerDay: '1',
      sites: [
        { ...site, siteId: api.second.siteId },
        { ...site, siteId: api.second.siteId },
      ],
      clusters: [],
    });
    expect(answer.status).toBe(422);
    expect(answer.json.errors.map(({ path: at }: { path: string }) => at)).toEqual([
      'sites.0.siteId',
      'sites.0.cluster',
      'sites.1.siteId',
      'sites.1.cluster',
      'sites.1.siteId',
    ]);
    expect((await manager(`GET ${path}/scope-proposal`)).json.effort.ratePerDay).toBe('900.00');
  });

  it('is taken over at once, the rest left out for a reason, with a trace', async () => {
    const manager = await api.as(api.first, 'energyManager');
    const answer = await manager(`PUT ${path}/scope`, {
      partIds: [api.first.otherSiteId],
      reason: 'Cheapest scope',
    });
    expect(answer.status, answer.text).toBe(200);
    const { rows } = auditDetail.parse(answer.json);
    expect(rows.filter(({ included }) => included).map(({ name }) => name)).toContain('PRM-other');
    expect(rows.find(({ name }) => name === 'CARD-1')).toMatchObject({
      included: false,
      reason: 'Cheapest scope',
    });
    expect((await manager(`PUT ${path}/scope`, { partIds: [api.second.siteId], reason: 'x' })).status).toBe(
      404,
    );
  });

  it('has uses of a site as candidates once their days are stated, and counts them with their measured share', async () => {
    const manager = await api.as(api.first, 'energyManager');
    const whole = scopeProposal.parse((await manager(`GET ${path}/scope-proposal`)).json);
    const [use] = whole.uses;
    if (!use) throw new Error('no meter of the fixture sees a use');
    expect(whole.parts.some(({ kind }) => kind === 'use')).toBe(false);
    const { siteId, carrier, energyUse } = use;
    const { ratePerDay, sites, clusters } = whole.effort;
    const free = sites.map((site) => ({ ...site, isMandatory: false }));
    const stated = await manager(`PUT ${path}/effort`, {
      ratePerDay,
      sites: free,
      uses: [{ siteId, carrier, energyUse, auditorDays: '0.5' }],
      clusters,
    });
    expect(stated.status, stated.text).toBe(200);
    const proposal = scopeProposal.parse(stated.json);
    expect(proposal.effort.uses).toEqual([{ siteId, carrier, energyUse, auditorDays: '0.50' }]);
    expect(proposal.parts.find(({ id }) => id === use.id)).toMatchObject({
      kind: 'use',
      quantity: use.quantity,
      cost: '450.00',
      isIncluded: false,
    });
    const site = proposal.parts.find(({ id }) => id === siteId);
    expect(Number(use.quantity)).toBeCloseTo(Number(use.share) * Number(site?.quantity), 2);

    const other = await manager(`PUT ${path}/scope`, {
      partIds: [api.first.otherSiteId],
      reason: 'Without it',
    });
    const before = auditDetail.parse(other.json);
    const both = await manager(`PUT ${path}/scope`, {
      partIds: [api.first.otherSiteId, use.id],
      reason: 'With the use',
    });
    expect(both.status, both.text).toBe(200);
    const after = auditDetail.parse(both.json);
    expect(after.uses).toMatchObject([{ siteId, carrier, energyUse, share: use.share }]);
    expect(Number(after.coverage.audited) - Number(before.coverage.audited)).toBeCloseTo(
      Number(use.quantity),
      2,
    );
    expect(after.coverage.total).toBe(before.coverage.total);

    const double = await manager(`PUT ${path}/scope`, { partIds: [siteId, use.id], reason: 'x' });
    expect(double).toMatchObject({ status: 422, json: { detail: expect.stringContaining('audited whole') } });
    const unknown = await manager(`PUT ${path}/scope`, { partIds: [`${siteId}/gas/cleaning`], reason: 'x' });
    expect(unknown.status).toBe(404);
    expect(auditDetail.parse((await manager(`GET ${path}`)).json).uses).toHaveLength(1);
    const twice = [
      { siteId, carrier, energyUse, auditorDays: '1' },
      { siteId, carrier, energyUse, auditorDays: '2' },
    ];
    const refused = await manager(`PUT ${path}/effort`, { ratePerDay, sites: free, uses: twice, clusters });
    expect(refused).toMatchObject({ status: 422, json: { detail: expect.stringContaining('twice') } });
  });
});
