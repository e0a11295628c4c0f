'use client';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import styles from './dialog.module.css';

/**
 * A task of its own above the page: title, content, its buttons. Esc and the cross close it; `isHeld` keeps it open
 * where closing would lose what is shown only once.
 */
export function Dialog({
  title,
  onClose,
  isHeld = false,
  isWide = false,
  children,
}: {
  readonly title: ReactNode;
  readonly onClose: () => void;
  readonly isHeld?: boolean;
  readonly isWide?: boolean;
  readonly children: ReactNode;
}) {
  const t = useTranslator();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const node = dialog.current;
    if (node && !node.open) node.showModal();
    return () => node?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      data-wide={isWide || undefined}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!isHeld) onClose();
      }}
    >
      <div className={styles.head}>
        <h2 id={id}>{title}</h2>
        {!isHeld && (
          <button type="button" className={styles.close} aria-label={t('shell.close')} onClick={onClose}>
            <Icon name="close" />
          </button>
        )}
      </div>
      <div className={styles.body}>{children}</div>
    </dialog>
  );
}

/** The buttons at the foot of a dialog's form. */
export function DialogButtons({ children }: { readonly children: ReactNode }) {
  return <div className={styles.buttons}>{children}</div>;
}
