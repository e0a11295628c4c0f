import Link from 'next/link';
import type { ButtonHTMLAttributes, ReactNode } from 'react';
import styles from './button.module.css';

export type ButtonKind = 'primary' | 'secondary' | 'words' | 'destructive';

/** One filled button a view; the second outlined; the third words. */
export function Button({
  kind = 'secondary',
  type = 'button',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { readonly kind?: ButtonKind }) {
  return <button {...rest} type={type} className={styles.button} data-kind={kind} />;
}

export function LinkButton({
  href,
  kind = 'secondary',
  children,
  download,
}: {
  readonly href: string;
  readonly kind?: ButtonKind;
  readonly children: ReactNode;
  readonly download?: boolean;
}) {
  return download ? (
    <a href={href} className={styles.button} data-kind={kind} download>
      {children}
    </a>
  ) : (
    <Link href={href} className={styles.button} data-kind={kind}>
      {children}
    </Link>
  );
}
