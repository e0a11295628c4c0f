'use client';
import type { Bills } from '@wattproof/contracts/api';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { addDays } from '../shell/period.ts';
import styles from './money.module.css';

const unitsOf: Readonly<Record<string, readonly string[]>> = {
  gas: ['kWh', 'm³'],
  diesel: ['l'],
  lpg: ['l', 'kg'],
};

/** A number as people write it, as the service reads it. */
const plain = (text: string): string =>
  text
    .trim()
    .replace(/[\s\u202f\u00a0]/g, '')
    .replace('\u2212', '-')
    .replace(',', '.');

/** A bill typed in: checked as a line of a file is, each fault at its field. */
export function BillForm({
  points,
  currency,
  onClose,
}: {
  readonly points: Bills['deliveryPoints'];
  readonly currency: string;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, problem, send } = useSubmit();
  const [draft, setDraft] = useState({
    deliveryPoint: points[0]?.code ?? '',
    number: '',
    kind: 'bill',
    corrects: '',
    periodFrom: '',
    lastDay: '',
    quantity: '',
    unit: unitsOf[points[0]?.carrier ?? '']?.[0] ?? 'kWh',
    amountExVat: '',
    vatAmount: '',
    currency,
    estimated: false,
    reason: '',
  });
  const set = (part: Partial<typeof draft>): void => setDraft((before) => ({ ...before, ...part }));
  const units = unitsOf[points.find(({ code }) => code === draft.deliveryPoint)?.carrier ?? ''] ?? [
    'kWh',
    'MWh',
  ];
  const faultOf = (...names: readonly string[]): string | null =>
    problem?.errors.find(({ path }) => names.includes(path))?.message ?? null;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { lastDay, ...rest } = draft;
    const answer = await send('/bills', {
      method: 'POST',
      json: {
        ...rest,
        corrects: draft.kind === 'credit' ? draft.corrects : '',
        periodTo: addDays(lastDay, 1),
        quantity: plain(draft.quantity),
        amountExVat: plain(draft.amountExVat),
        vatAmount: draft.vatAmount.trim() === '' ? null : plain(draft.vatAmount),
      },
    });
    if (!answer.ok) return;
    router.refresh();
    onClose();
  };
  const text = (
    label: string,
    name: 'number' | 'corrects' | 'quantity' | 'amountExVat' | 'vatAmount' | 'currency',
    column: string,
    isRequired = true,
  ) => (
    <Field label={label} error={faultOf(column, name)}>
      {(control) => (
        <input
          {...control}
          required={isRequired}
          value={draft[name]}
          onChange={(e) => set({ [name]: e.target.value })}
        />
      )}
    </Field>
  );
  const day = (label: string, name: 'periodFrom' | 'lastDay', ...columns: readonly string[]) => (
    <Field label={label} error={faultOf(...columns)}>
      {(control) => (
        <input
          {...control}
          type="date"
          required
          value={draft[name]}
          onChange={(e) => set({ [name]: e.target.value })}
        />
      )}
    </Field>
  );
  return (
    <Dialog title={t('money.addBill')} onClose={onClose} isWide>
      <form onSubmit={submit} className={styles.form}>
        <div className={styles.fields}>
          <Field label={t('money.point')} error={faultOf('delivery_point', 'deliveryPoint')}>
            {(control) => (
              <select
                {...control}
                value={draft.deliveryPoint}
                onChange={(e) => {
                  const carrier = points.find(({ code }) => code === e.target.value)?.carrier ?? '';
                  set({ deliveryPoint: e.target.value, unit: unitsOf[carrier]?.[0] ?? 'kWh' });
                }}
              >
                {points.map((p) => (
                  <option key={p.id} value={p.code}>
                    {p.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {text(t('money.billNumber'), 'number', 'number')}
          <Field
            label={t('money.billKind')}
            {...(draft.kind === 'credit' ? { help: t('money.creditHelp') } : {})}
          >
            {(control) => (
              <select {...control} value={draft.kind} onChange={(e) => set({ kind: e.target.value })}>
                <option value="bill">{t('money.kind.bill')}</option>
                <option value="credit">{t('money.kind.creditNote')}</option>
              </select>
            )}
          </Field>
          {draft.kind === 'credit' && text(t('money.correctsNumber'), 'corrects', 'corrects')}
          {day(t('money.firstDay'), 'periodFrom', 'period_from', 'periodFrom')}
          {day(t('money.lastDay'), 'lastDay', 'period_to', 'periodTo')}
          {text(t('money.billQuantity'), 'quantity', 'quantity')}
          <Field label={t('money.billUnit')} error={faultOf('unit')}>
            {(control) => (
              <select {...control} value={draft.unit} onChange={(e) => set({ unit: e.target.value })}>
                {units.map((unit) => (
                  <option key={unit}>{unit}</option>
                ))}
              </select>
            )}
          </Field>
          {text(t('money.exVat'), 'amountExVat', 'amount_ex_vat')}
          {text(t('money.vatAmount'), 'vatAmount', 'vat_amount', false)}
          {text(t('money.currency'), 'currency', 'currency')}
        </div>
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={draft.estimated}
            onChange={(e) => set({ estimated: e.target.checked })}
          />
          {t('money.supplierEstimated')}
        </label>
        {faultOf('reason') && (
          <Field label={t('money.restatement')} help={t('money.restatementHelp')} error={faultOf('reason')}>
            {(control) => (
              <input
                {...control}
                value={draft.reason}
                maxLength={500}
                onChange={(e) => set({ reason: e.target.value })}
              />
            )}
          </Field>
        )}
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {t('money.add')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
