'use client';
import type { BillDetail } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { formatLocalDate, formatMoney, formatNumber } from '@wattproof/messages';
import { useEffect, useState } from 'react';
import { type ClientProblem, request } from '../api/client.ts';
import { Button, LinkButton } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { FormError } from '../form/field.tsx';
import { problemText } from '../form/problem.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { FigureSource } from '../receipt/figure-source.tsx';
import { addDays } from '../shell/period.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './money.module.css';

type Line = BillDetail['lines'][number];

/** One bill: its lines, which of them are the energy, and the document it came in. */
export function BillDialog({ billId, onClose }: { readonly billId: string; readonly onClose: () => void }) {
  const t = useTranslator();
  const [bill, setBill] = useState<BillDetail | null>(null);
  const [problem, setProblem] = useState<ClientProblem | null>(null);
  useEffect(() => {
    const leaving = new AbortController();
    void request<BillDetail>(`/bills/${billId}`, { signal: leaving.signal }).then((answer) => {
      if (leaving.signal.aborted) return;
      if (answer.ok) setBill(answer.value);
      else setProblem(answer.problem);
    });
    return () => leaving.abort();
  }, [billId]);
  return (
    <Dialog title={t('money.billTitle', { number: bill?.number ?? '…' })} onClose={onClose} isWide>
      {problem && <FormError>{problemText(t, problem)}</FormError>}
      {!bill && !problem && (
        <p className={styles.busy} role="status">
          <Icon name="busy" />
          {t('state.loadingPage')}
        </p>
      )}
      {bill && (
        <FigureSource path={`/bills/${billId}`}>
          <Content bill={bill} />
        </FigureSource>
      )}
      <DialogButtons>
        {bill?.document && (
          <LinkButton href={`/api/v1/bill-imports/${bill.document.importId}/file`} download>
            {t('money.document')}: {bill.document.fileName}
          </LinkButton>
        )}
        <Button onClick={onClose}>{t('shell.close')}</Button>
      </DialogButtons>
    </Dialog>
  );
}

function Content({ bill }: { readonly bill: BillDetail }) {
  const t = useTranslator();
  const date = (text: string): string => formatLocalDate(t.locale, text, 'date');
  const money = (amount: string): string =>
    formatMoney(t.locale, { amount, currency: bill.amountExVat.currency }, { decimals: 2 });
  const facts = [
    `${bill.deliveryPointName}, ${bill.deliveryPointCode}`,
    t(`money.kind.${bill.kind}`),
    bill.corrects ? t('money.corrects', { number: bill.corrects }) : '',
    t('period.span', { from: date(bill.periodFrom), to: date(addDays(bill.periodTo, -1)) }),
    bill.issuedOn ? t('money.issued', { date: date(bill.issuedOn) }) : '',
    bill.estimated ? t('money.estimatedMark') : '',
    `${formatNumber(t.locale, bill.quantity)}\u00a0${bill.unit}`,
    `${formatNumber(t.locale, bill.energy_kwh)}\u00a0kWh`,
    bill.factorId ? t('money.factor', { id: bill.factorId }) : '',
    money(bill.amountExVat.amount),
    bill.vatAmount ? t('money.vat', { amount: money(bill.vatAmount) }) : '',
    bill.document
      ? t('money.documentRow', { row: bill.rowNumber ?? 1, file: bill.document.fileName })
      : bill.createdBy
        ? t('money.documentNone', { name: bill.createdBy })
        : t('money.documentUnknown'),
  ].filter(Boolean);
  const columns: Column<Line>[] = [
    {
      id: 'line',
      head: t('money.line'),
      phone: 'title',
      cell: (l) => (
        <span className={styles.bill}>
          <span>
            {l.position}. {l.name}
          </span>
          {l.quantity !== null && <small>{t(l.countsAsEnergy ? 'money.isEnergy' : 'money.isFee')}</small>}
        </span>
      ),
      text: (l) => l.name,
    },
    {
      id: 'quantity',
      head: t('money.quantity'),
      align: 'right',
      proof: { member: 'quantity' },
      cell: (l) => (l.quantity === null ? '—' : `${formatNumber(t.locale, l.quantity)}\u00a0${l.unit}`),
      text: (l) => `${l.quantity ?? ''} ${l.unit}`,
    },
    {
      id: 'price',
      head: t('money.unitPrice'),
      align: 'right',
      proof: { member: 'unitPrice' },
      cell: (l) => (l.unitPrice === null ? '—' : formatNumber(t.locale, l.unitPrice)),
      text: (l) => l.unitPrice ?? '',
    },
    {
      id: 'vat',
      head: t('money.vatRate'),
      align: 'right',
      proof: { without: 'stated' },
      cell: (l) => (l.vatRate === null ? '—' : `${formatNumber(t.locale, l.vatRate)}\u00a0%`),
      text: (l) => l.vatRate ?? '',
    },
    {
      id: 'amount',
      head: t('money.amount'),
      align: 'right',
      proof: { member: 'amountExVat' },
      cell: (l) => money(l.amountExVat),
      text: (l) => l.amountExVat,
    },
  ];
  return (
    <>
      <p className={styles.note}>{facts.join(' · ')}</p>
      <DataTable
        id="lines"
        name={t('money.lines')}
        columns={columns}
        rows={bill.lines}
        rowMember={(l) => entry('lines', { position: l.position })}
        rowKey={(l) => String(l.position)}
        withTools={false}
        empty={t('money.linesNone')}
      />
    </>
  );
}
