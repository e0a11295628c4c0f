import { type ReactNode, useId } from 'react';
import styles from './section.module.css';

/** A ruled section: head, subject, and its basis (period, zone, unit) at the right. */
export function Section({
  title,
  subject,
  basis,
  children,
  className,
}: {
  readonly title: string;
  readonly subject?: ReactNode;
  readonly basis?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string | undefined;
}) {
  const id = useId();
  return (
    <section className={`${styles.section} ${className ?? ''}`} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id}>{title}</h2>
        {subject && <span className={styles.subject}>{subject}</span>}
        {basis && <span className={styles.basis}>{basis}</span>}
      </div>
      {children}
    </section>
  );
}

/** The page's title is its verdict, then one sentence of proof; what the page is about stands at the right. */
export function Verdict({
  title,
  children,
  aside,
}: {
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly aside?: ReactNode;
}) {
  return (
    <header className={styles.verdict}>
      <div>
        <h1>{title}</h1>
        {children && <p>{children}</p>}
      </div>
      {aside && <div className={styles.aside}>{aside}</div>}
    </header>
  );
}
