'use client';
import type { Bill, BillImport, Bills, Me } from '@wattproof/contracts/api';
import { formatLocalDate, formatMoney } from '@wattproof/messages';
import { useState } from 'react';
import { BillMatrix } from '../audit/bill-matrix.tsx';
import { Verdict } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { State } from '../state/state.tsx';
import { BillDialog } from './bill-dialog.tsx';
import { BillForm } from './bill-form.tsx';
import { BillTable } from './bill-table.tsx';
import { billedAmounts, countCells } from './billed.ts';
import { ImportDialog } from './import-dialog.tsx';
import { ImportHistory } from './import-history.tsx';
import styles from './money.module.css';

/** What energy costs and whether every bill is there: the matrix, the bills against the meters, the imports. */
export function MoneyView({
  months,
  points,
  bills,
  imports,
  organisation,
  timeZone,
  mayWrite,
}: {
  readonly months: readonly string[];
  readonly points: Bills['deliveryPoints'];
  readonly bills: readonly Bill[];
  readonly imports: readonly BillImport[];
  readonly organisation: Me['organisation'];
  readonly timeZone: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const [isImporting, setImporting] = useState(false);
  const [isTyping, setTyping] = useState(false);
  const [opened, setOpened] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const month = (index: number): string => formatLocalDate(t.locale, months.at(index) ?? '', 'monthShort');
  const cost = billedAmounts(points, bills, organisation.currency)
    .map((sum) => formatMoney(t.locale, sum))
    .join(' + ');
  const missing = countCells(points, 'missing');
  const overlapping = countCells(points, 'overlapping');
  const estimated = bills.filter((b) => b.estimated).length;
  const point = points.find((p) => p.id === chosen) ?? null;
  const importButton = mayWrite && (
    <span className={styles.actions}>
      <Button kind="primary" onClick={() => setImporting(true)}>
        {t('money.import')}
      </Button>
      {points.length > 0 && <Button onClick={() => setTyping(true)}>{t('money.addBill')}</Button>}
    </span>
  );
  return (
    <>
      <Verdict
        proof={bills.length > 0 ? { member: 'bills' } : undefined}
        title={
          bills.length === 0
            ? t('money.titleNone')
            : t('money.title', { cost, from: month(0), to: month(-1) })
        }
        aside={importButton}
      >
        {bills.length > 0 && (
          <>
            {missing === 0 ? (
              t('money.complete')
            ) : (
              <strong className={styles.missing}>{t('money.missing', { count: missing })}</strong>
            )}
            {estimated > 0 && ` ${t('money.estimated', { count: estimated })}`}
            {overlapping > 0 && ` ${t('money.overlapping', { count: overlapping })}`}
          </>
        )}
      </Verdict>
      <div className={styles.sections}>
        {points.length === 0 ? (
          <State title={t('money.titleNone')} level={2} action={importButton}>
            <p>{mayWrite ? t('money.noneText') : t('money.noneAsk', { organisation: organisation.name })}</p>
          </State>
        ) : (
          <BillMatrix
            title={t('money.matrix')}
            months={months}
            rows={points.map(({ id, name, carrier, cells }) => ({ id, name, carrier, cells }))}
          />
        )}
        {bills.length > 0 && (
          <BillTable bills={bills} points={points} chosen={point} onChoose={setChosen} onOpen={setOpened} />
        )}
        <ImportHistory imports={imports} timeZone={timeZone} />
      </div>
      {isImporting && <ImportDialog onClose={() => setImporting(false)} />}
      {isTyping && (
        <BillForm points={points} currency={organisation.currency} onClose={() => setTyping(false)} />
      )}
      {opened && <BillDialog billId={opened} onClose={() => setOpened(null)} />}
    </>
  );
}
