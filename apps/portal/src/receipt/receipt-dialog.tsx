'use client';
import type { Receipt } from '@wattproof/contracts/api';
import { useEffect, useState } from 'react';
import { type ClientProblem, request } from '../api/client.ts';
import { Button } from '../form/button.tsx';
import { Dialog } from '../form/dialog.tsx';
import { FormError } from '../form/field.tsx';
import { problemText } from '../form/problem.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './receipt.module.css';
import { wordText } from './receipt-text.ts';
import { ReceiptView } from './receipt-view.tsx';

type Loaded =
  | { readonly id: string; readonly receipt: Receipt }
  | { readonly id: string; readonly problem: ClientProblem };

/** A receipt, and by click the receipts that it is made of; the way back is kept. */
export function ReceiptDialog({
  receipt,
  onClose,
}: {
  readonly receipt: string;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const [path, setPath] = useState<readonly string[]>([receipt]);
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const id = path[path.length - 1] ?? receipt;
  useEffect(() => {
    const abort = new AbortController();
    const load = async (): Promise<void> => {
      const answer = await request<Receipt>(`/receipts/${encodeURIComponent(id)}`, { signal: abort.signal });
      if (abort.signal.aborted) return;
      setLoaded(answer.ok ? { id, receipt: answer.value } : { id, problem: answer.problem });
    };
    void load();
    return () => abort.abort();
  }, [id]);
  const shown = loaded?.id === id ? loaded : null;
  const title = shown && 'receipt' in shown ? wordText(t, shown.receipt.kind) : t('receipt.title');
  return (
    <Dialog title={title} onClose={onClose} isWide>
      {path.length > 1 && (
        <p>
          <Button kind="words" onClick={() => setPath(path.slice(0, -1))}>
            {t('receipt.back')}
          </Button>
        </p>
      )}
      <div className={styles.receipt} aria-live="polite" aria-busy={shown === null}>
        {shown === null && <p className={styles.note}>{t('receipt.computing')}</p>}
        {shown && 'problem' in shown && <FormError>{problemText(t, shown.problem)}</FormError>}
        {shown && 'receipt' in shown && (
          <ReceiptView receipt={shown.receipt} onOpen={(part) => setPath([...path, part])} />
        )}
      </div>
    </Dialog>
  );
}
