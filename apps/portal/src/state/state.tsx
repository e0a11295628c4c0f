import type { ReactNode } from 'react';
import styles from './state.module.css';

/** A designed state of a page or a block: what is known, what follows, one action. */
export function State({
  title,
  children,
  action,
  tone = 'plain',
  level = 1,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  readonly tone?: 'plain' | 'critical';
  readonly level?: 1 | 2 | 3;
}) {
  const Heading = `h${level}` as 'h1' | 'h2' | 'h3';
  return (
    <section className={styles.state} data-tone={tone} data-level={level}>
      <Heading>{title}</Heading>
      {children}
      {action && <div className={styles.action}>{action}</div>}
    </section>
  );
}
