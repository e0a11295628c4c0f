import { computeAudit } from '@wattproof/database';
import { isAuditVisible, type Scope } from '@wattproof/database/queries';
import { receiptId } from '@wattproof/evidence/receipt';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import { decimalValue, type ReceiptContent } from './receipt-form.ts';
import { uuidOf } from './reference-field.ts';

/** Most bills that a receipt lists; the energy account has them all. */
const mostBills = 500;

/** Coverage of an audit on the rule's basis or on the bill's: the rule, what is in scope, and the bills. */
export async function auditReceipt(
  client: PoolClient,
  scope: Scope,
  wish: { readonly auditId: string; readonly basis: string },
): Promise<ReceiptContent> {
  const auditId = uuidOf(wish.auditId);
  const computed = (await isAuditVisible(client, scope, auditId))
    ? await computeAudit(client, auditId)
    : null;
  if (!computed) throw new AppError('notFound', `There is no audit ${auditId}`);
  const { audit, rule, detail, account } = computed;
  const figure = wish.basis === 'bill' ? detail?.onBill : detail?.onRule;
  const part = (name: string, decimal: string | undefined) => ({
    name,
    sign: 1 as const,
    value: decimalValue(decimal ?? null, figure?.unit ?? ''),
    receipt: null,
    source: '',
  });
  const included = new Set(
    account.scope.filter((entry) => entry.included).map((entry) => entry.deliveryPointId),
  );
  const names = new Map(computed.rows.map((row) => [row.deliveryPointId, row.name]));
  return {
    subject: `${audit.name} · ${audit.legalEntityName}`,
    value: decimalValue(figure?.share_percent ?? null, '%'),
    formula: {
      name: `auditCoverage.${wish.basis === 'bill' ? 'energyBill' : rule.basis}`,
      version: computed.coverageVersion,
      expression:
        'coverage = Σ in scope / Σ all, by days within the period; cut off after two digits, never rounded up',
    },
    period: { from: audit.periodFrom, to: audit.periodTo, timeZone: computed.sites[0]?.timeZone ?? 'UTC' },
    settings: [
      { name: 'rule', value: rule.id },
      { name: 'ruleDate', value: computed.ruleDate },
      { name: 'threshold', value: rule.threshold },
      { name: 'verification', value: rule.verification },
      { name: 'estimatedPercent', value: figure?.estimated_percent ?? '' },
    ],
    factors: [
      {
        name: 'rule.threshold',
        value: rule.threshold,
        unit: '1',
        validFrom: rule.effectiveFrom,
        source: rule.source,
      },
    ],
    parts: [
      part('inScope', figure?.inScope),
      part('total', figure?.total),
      ...account.bills.slice(0, mostBills).map((bill) => ({
        name: `${names.get(bill.deliveryPointId) ?? ''} ${bill.from} – ${bill.to}`,
        sign: 1 as const,
        value:
          wish.basis === 'bill'
            ? decimalValue(bill.amount, bill.currency)
            : decimalValue(bill.energy_kwh, 'kWh'),
        receipt: receiptId('bill', { billId: bill.id }),
        source: included.has(bill.deliveryPointId) ? 'inScope' : 'outOfScope',
      })),
    ],
    findings: computed.findings.map(({ code }) => code),
  };
}
