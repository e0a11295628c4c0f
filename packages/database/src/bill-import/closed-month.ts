import type { ClientBase } from 'pg';
import { appendRecords, chainInstant } from '../evidence/chain.queries.ts';
import type { NewBill } from './bill-line.ts';

/** What a delivery point was billed for a month, by days of each bill within it. */
interface BilledMonth {
  readonly energy_kwh: string;
  readonly amount: string;
}

/** A signed-off month whose bills change: what stood for the delivery point, and what stands then. */
export interface BillRestatement {
  readonly siteId: string;
  readonly month: string;
  readonly deliveryPointId: string;
  /** The bills and credit notes that change it. */
  readonly bills: readonly { readonly row: number; readonly number: string }[];
  readonly before: BilledMonth;
  readonly after: BilledMonth;
}

/**
 * Signed-off months of the sites that new bills reach into, before the bills are stored. A bill counts by its days within the
 * month: quantity · days ÷ days of the bill. The transaction has the organisation in scope.
 */
export async function billRestatements(
  client: ClientBase,
  bills: readonly NewBill[],
): Promise<BillRestatement[]> {
  if (bills.length === 0) return [];
  const { rows } = await client.query<{
    siteId: string;
    month: string;
    deliveryPointId: string;
    positions: number[];
    before_kwh: string;
    after_kwh: string;
    before_amount: string;
    after_amount: string;
  }>(
    `WITH new AS (
       SELECT * FROM unnest($1::int[], $2::uuid[], $3::date[], $4::date[], $5::numeric[], $6::numeric[])
         AS n (position, point, from_date, to_date, energy_kwh, amount)),
     touched AS (
       SELECT c.site_id, c.month, (c.month + interval '1 month')::date AS month_end, n.*
       FROM new n JOIN delivery_point p ON p.id = n.point JOIN period_close c ON c.site_id = p.site_id
         AND c.month < n.to_date AND (c.month + interval '1 month')::date > n.from_date),
     added AS (
       SELECT site_id, month, month_end, point, array_agg(position ORDER BY position) AS positions,
         sum(energy_kwh * (least(to_date, month_end) - greatest(from_date, month)) / (to_date - from_date)) AS energy_kwh,
         sum(amount * (least(to_date, month_end) - greatest(from_date, month)) / (to_date - from_date)) AS amount
       FROM touched GROUP BY 1, 2, 3, 4),
     stood AS (
       SELECT a.site_id, a.month, a.point,
         coalesce(sum(b.energy_kwh * (least(b.period_to, a.month_end) - greatest(b.period_from, a.month))
           / (b.period_to - b.period_from)), 0) AS energy_kwh,
         coalesce(sum(b.amount_ex_vat * (least(b.period_to, a.month_end) - greatest(b.period_from, a.month))
           / (b.period_to - b.period_from)), 0) AS amount
       FROM added a LEFT JOIN bill b ON b.delivery_point_id = a.point AND b.period_from < a.month_end AND b.period_to > a.month
       GROUP BY 1, 2, 3)
     SELECT a.site_id AS "siteId", to_char(a.month, 'YYYY-MM') AS month, a.point AS "deliveryPointId", a.positions,
       round(s.energy_kwh, 3)::text AS before_kwh, round(s.energy_kwh + a.energy_kwh, 3)::text AS after_kwh,
       round(s.amount, 2)::text AS before_amount, round(s.amount + a.amount, 2)::text AS after_amount
     FROM added a JOIN stood s USING (site_id, month, point) ORDER BY a.month, a.point`,
    [
      bills.map((_, i) => i),
      bills.map((bill) => bill.deliveryPointId),
      bills.map((bill) => bill.periodFrom),
      bills.map((bill) => bill.periodTo),
      bills.map((bill) => bill.energy_kwh),
      bills.map((bill) => bill.amountExVat),
    ],
  );
  return rows.map(({ siteId, month, deliveryPointId, positions, ...row }) => ({
    siteId,
    month,
    deliveryPointId,
    bills: positions.flatMap((i) => {
      const bill = bills[i];
      return bill ? [{ row: bill.row, number: bill.number }] : [];
    }),
    before: { energy_kwh: row.before_kwh, amount: row.before_amount },
    after: { energy_kwh: row.after_kwh, amount: row.after_amount },
  }));
}

/** Takes restatements of bills into the chain: before, after, why and by whom. */
export async function recordBillRestatements(
  client: ClientBase,
  organisationId: number,
  {
    restatements,
    reason,
    by,
    now,
  }: {
    readonly restatements: readonly BillRestatement[];
    readonly reason: string;
    readonly by: string;
    readonly now: Date;
  },
): Promise<void> {
  if (restatements.length === 0) return;
  await appendRecords(
    client,
    organisationId,
    restatements.map(({ bills, ...body }) => ({
      at: chainInstant(now),
      kind: 'billsRestated',
      body: { ...body, bills: bills.map(({ number }) => number), reason, by },
    })),
  );
}

export interface BillRestatementRow {
  readonly record: number;
  readonly at: Date;
  readonly deliveryPointId: string;
  readonly deliveryPointName: string;
  readonly bills: readonly string[];
  readonly before: BilledMonth;
  readonly after: BilledMonth;
  readonly currency: string;
  readonly reason: string;
  readonly by: string;
}

/** Restatements of the bills of a site's month, the newest first. */
export async function listBillRestatements(
  client: ClientBase,
  {
    organisationId,
    siteId,
    month,
  }: { readonly organisationId: number; readonly siteId: string; readonly month: string },
): Promise<BillRestatementRow[]> {
  const { rows } = await client.query<BillRestatementRow>(
    `SELECT r.seq AS record, r.at, p.id AS "deliveryPointId", p.name AS "deliveryPointName", r.body->'bills' AS bills,
       r.body->'before' AS before, r.body->'after' AS after, s.currency, r.body->>'reason' AS reason, r.body->>'by' AS by
     FROM evidence_record r JOIN delivery_point p ON p.id = (r.body->>'deliveryPointId')::uuid
     JOIN site s ON s.id = p.site_id
     WHERE r.organisation_id = $1 AND r.kind = 'billsRestated' AND r.body->>'siteId' = $2 AND r.body->>'month' = $3
     ORDER BY r.seq DESC LIMIT 1000`,
    [organisationId, siteId, month],
  );
  return rows;
}
