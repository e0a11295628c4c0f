import { findEnpi, listMeters, type Scope } from '@wattproof/database/queries';
import { enbTerms } from '@wattproof/energy';
import { receiptId } from '@wattproof/evidence/receipt';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import { requireSite } from '../site/site.service.ts';
import { decimalValue, numberValue, type ReceiptContent, type ReceiptValue } from './receipt-form.ts';
import { uuidOf } from './reference-field.ts';

/** Saving of an EnPI: its model, the days it was applied to, and the meters they come from. */
export async function enpiReceipt(
  client: PoolClient,
  scope: Scope,
  wish: { readonly enpiId: string; readonly of: string },
): Promise<ReceiptContent> {
  const enpi = await findEnpi(client, scope, uuidOf(wish.enpiId));
  if (!enpi) throw new AppError('notFound', `There is no EnPI ${wish.enpiId}`);
  const { savings, model } = enpi;
  if (!savings || !model) throw new AppError('notReady', 'This EnPI has no result yet');
  const values: Readonly<Record<string, ReceiptValue>> = {
    share: numberValue(savings.share.value, '1', savings.share.halfWidth),
    energy: numberValue(savings.energy_wh.value, 'Wh', savings.energy_wh.halfWidth),
    cost: decimalValue(savings.cost?.amount ?? null, savings.cost?.currency ?? ''),
  };
  const value = values[wish.of];
  if (!value) throw new AppError('invalid', `A saving has no ${wish.of}: share, energy or cost`);
  const site = await requireSite(client, scope, enpi.siteId);
  const meters = await listMeters(client, scope, { meterIds: model.definition.meterIds });
  const terms = enbTerms(model)
    .map(({ value: b, name }) =>
      name === 'timeOfWeek' ? 'Σ hours(month, hour of week, temperature)' : `${b} · ${name}`,
    )
    .join(' + ');
  return {
    subject: `${enpi.name} · ${enpi.siteName}`,
    value,
    formula: {
      name: `enpiSaving.${wish.of}`,
      version: enpi.version ?? 1,
      expression: `Σ(actual − expected) over known days;  expected = ${terms}`,
    },
    period: { from: savings.from, to: savings.to, timeZone: site.timeZone },
    settings: [
      { name: 'baseline', value: `${enpi.baselineFrom} – ${enpi.baselineTo}` },
      { name: 'enbVersion', value: String(enpi.version ?? '') },
      { name: 'knownDays', value: `${savings.knownDays} / ${savings.days}` },
      { name: 'confidence', value: String(savings.share.confidence ?? '') },
      { name: 'modelHalfWidth', value: String(savings.modelHalfWidth) },
      { name: 'meteringHalfWidth', value: String(savings.meteringHalfWidth) },
      ...(savings.metering
        ? [
            { name: 'meteringUncertainty', value: String(savings.metering.standardUncertainty_percent) },
            { name: 'meteringChain', value: savings.metering.chain },
          ]
        : []),
      { name: 'adjustedR2', value: String(model.adjustedR2) },
      { name: 'cvRmse', value: String(model.cvRmse) },
    ],
    parts: [
      { name: 'actual', sign: 1, value: numberValue(savings.actual_wh, 'Wh'), receipt: null, source: '' },
      {
        name: 'expected',
        sign: -1,
        value: numberValue(savings.expected_wh, 'Wh'),
        receipt: null,
        source: '',
      },
      ...meters.map((meter) => ({
        name: meter.name,
        sign: 1 as const,
        value: numberValue(null, 'Wh'),
        receipt: receiptId('meterEnergy', {
          meterId: String(meter.id),
          measurand: model.definition.measurand,
          from: savings.from,
          to: savings.to,
        }),
        source: '',
      })),
    ],
    findings: (enpi.resultFindings ?? []).map(({ code }) => code),
  };
}
