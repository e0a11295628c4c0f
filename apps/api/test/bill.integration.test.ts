import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from './fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

const head = 'delivery_point,number,period_from,period_to,quantity,unit,amount_ex_vat,currency,estimated';
const file = (...lines: string[]): string => [head, ...lines].join('\n');
const april = 'PRM-first,B-2026-04,2026-04-01,2026-05-01,1234.5,kWh,150.20,EUR,yes';
const bills = async (): Promise<number> =>
  (await api.admin.query('SELECT count(*)::int AS n FROM bill WHERE organisation_id = $1', [api.first.id]))
    .rows[0].n;

describe('import of bills', () => {
  it('dry runs by default and writes nothing', async () => {
    const manager = await api.as(api.first, 'energyManager');
    const before = await bills();
    const known = (await manager('GET /bill-imports')).json.billImports;
    const answer = await manager('POST /bill-imports', file(april));
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json).toMatchObject({
      id: null,
      dryRun: true,
      rows: 1,
      stored: 1,
      rejected: [],
      importedAt: null,
    });
    expect(await bills()).toBe(before);
    expect((await manager('GET /bill-imports')).json.billImports).toEqual(known);
  });

  it('names every fault by row and column, and stores nothing of the file then', async () => {
    const manager = await api.as(api.first, 'energyManager');
    const before = await bills();
    const known = (await manager('GET /bill-imports')).json.billImports;
    const answer = await manager(
      'POST /bill-imports?dryRun=false&fileName=april.csv',
      file(
        april,
        'PRM-unknown,B1,2026-04-01,2026-05-01,1,kWh,1,EUR,no',
        'PRM-first,B-2026-04,2026-04-01,2026-05-01,1,kWh,1,EUR,no',
        'PRM-first,B-2026-01,2026-01-01,2026-02-01,999,kWh,100,EUR,no',
        'PRM-first,B-2026-05,2026-05-01,2026-04-01,1,kWh,"1,50",EUR,no',
      ),
    );
    expect(answer.json).toMatchObject({ rows: 5, stored: 0 });
    expect(
      (answer.json.rejected as { row: number; column: string }[]).map(
        ({ row, column }) => `${row} ${column}`,
      ),
    ).toEqual(['3 delivery_point', '4 number', '5 number', '6 period_to', '6 amount_ex_vat']);
    expect(answer.json.rejected[2].message).toMatch(/stored already with other values: 1000\.000 kWh/);
    expect(await bills()).toBe(before);
    const kept = (await manager('GET /bill-imports')).json.billImports;
    expect(kept).toHaveLength(known.length + 1);
    expect(kept[0]).toMatchObject({ fileName: 'april.csv', stored: 0, importedBy: 'The energyManager' });
    expect(kept[0].rejected).toHaveLength(5);
  });

  it('stores a good file with its origin, and the same file again changes nothing', async () => {
    const manager = await api.as(api.first, 'energyManager');
    const first = await manager('POST /bill-imports?dryRun=false', file(april));
    expect(first.json).toMatchObject({ rows: 1, stored: 1, unchanged: 0, dryRun: false });
    const again = await manager('POST /bill-imports?dryRun=false', file(april));
    expect(again.json).toMatchObject({ rows: 1, stored: 0, unchanged: 1, rejected: [] });
    const listed = (await manager('GET /bills?from=2026-04&to=2026-05')).json;
    expect(listed.bills).toMatchObject([
      {
        number: 'B-2026-04',
        energy_kwh: '1234.500',
        amountExVat: { amount: '150.20', currency: 'EUR' },
        estimated: true,
        importId: first.json.id,
        rowNumber: 2,
        factorId: 'electricity-kwh',
      },
    ]);
    expect(listed.deliveryPoints[0].cells).toMatchObject([
      { month: '2026-04', state: 'estimated', energy_kwh: '1234.500', amount: '150.20' },
      { month: '2026-05', state: 'missing', energy_kwh: null },
    ]);
    const { rows } = await api.admin.query('SELECT action, after FROM audit_event WHERE object = $1', [
      first.json.id,
    ]);
    expect(rows).toMatchObject([{ action: 'billImport.create', after: { stored: 1, rejected: 0 } }]);
  });

  it('knows the delivery points of its own organisation only', async () => {
    const other = await api.as(api.second, 'energyManager');
    const answer = await other('POST /bill-imports?dryRun=false', file(april));
    expect(answer.json.rejected).toMatchObject([{ row: 2, column: 'delivery_point' }]);
  });

  it('is not for whoever only reads', async () => {
    for (const role of ['auditor', 'corporate', 'installer', 'operator'] as const)
      expect((await (await api.as(api.first, role))('POST /bill-imports', file(april))).status, role).toBe(
        403,
      );
  });
});

describe('audit', () => {
  it('follows its bills and scope, and refuses to leave out without a reason', async () => {
    const manager = await api.as(api.first, 'energyManager');
    const path = `/audits/${api.first.auditId}`;
    const before = (await manager(`GET ${path}`)).json;
    expect(before).toMatchObject({
      rule: { id: 'fr-2026-final-energy-80', basis: 'finalEnergy', threshold: '0.80' },
      coverage: { audited: '3000.000', total: '3000.000', share: 1 },
      guide: { basis: 'energyBill', audited: '300.00', total: '300.00', unit: 'EUR' },
      verdict: 'reached',
      months: ['2026-01', '2026-02', '2026-03'],
    });
    const scopePath = `PUT ${path}/scope/${api.first.deliveryPointId}`;
    const after = (await manager(scopePath, { included: false, reason: 'No access before the due date' }))
      .json;
    expect(after).toMatchObject({ coverage: { audited: '0.000', share: 0 }, verdict: 'notReached' });
    const { rows } = await api.admin.query(
      "SELECT before, after FROM audit_event WHERE action = 'audit.setScope'",
    );
    expect(rows).toMatchObject([
      { before: { included: true }, after: { included: false, reason: 'No access before the due date' } },
    ]);
    await manager(scopePath, { included: true });
    expect((await (await api.as(api.first, 'auditor'))(scopePath, { included: true })).status).toBe(403);
  });

  it('asks the workers for its report, once asked', async () => {
    const auditor = await api.as(api.first, 'auditor');
    const answer = await auditor(`POST /audits/${api.first.auditId}/reports`, { locale: 'fr' });
    expect(answer.status).toBe(202);
    expect(answer.json).toMatchObject({
      kind: 'makeAuditReport',
      state: 'waiting',
      requestedBy: 'The auditor',
    });
    const { rows } = await api.admin.query('SELECT input FROM job_run WHERE id = $1', [answer.json.id]);
    expect(rows[0].input).toEqual({ auditId: api.first.auditId, locale: 'fr' });
    const waiting = await api.resources.jobs.queues
      .get('reports')
      ?.getJobs(['waiting', 'delayed', 'prioritized']);
    expect(waiting?.map((job) => job.data.jobRunId)).toContain(answer.json.id);
    expect((await auditor(`GET /jobs/${answer.json.id}`)).json.id).toBe(answer.json.id);
  });

  it('hands out documents exactly as they are stored', async () => {
    const auditor = await api.as(api.first, 'auditor');
    const answer = await auditor(`GET /documents/${api.first.documentId}`);
    expect(answer.text).toBe('%PDF-1.7 secret of first');
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(answer.headers.get('content-disposition')).toContain('attachment; filename="report.pdf"');
    expect(
      (await (await api.as(api.first, 'operator'))(`GET /documents/${api.first.documentId}`)).status,
    ).toBe(403);
  });
});
