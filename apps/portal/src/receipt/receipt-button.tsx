'use client';
import { type ReactNode, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import styles from './receipt.module.css';
import { ReceiptDialog } from './receipt-dialog.tsx';

/** Opens the receipt of a figure: the value itself where it leads nowhere else, a small mark beside it where it does. */
export function ReceiptButton({
  receipt,
  label,
  children,
}: {
  readonly receipt: string;
  readonly label: string;
  readonly children?: ReactNode;
}) {
  const t = useTranslator();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        data-opens="receipt"
        className={children === undefined ? styles.mark : styles.value}
        aria-label={t('receipt.open', { figure: label })}
        onClick={() => setOpen(true)}
      >
        {children ?? <Icon name="audit" size={13} />}
      </button>
      {/* Outside the cell of a table, whose alignment and breaks are not the receipt's. */}
      {isOpen &&
        createPortal(<ReceiptDialog receipt={receipt} onClose={() => setOpen(false)} />, document.body)}
    </>
  );
}
