'use client';
import { type ReactNode, useId } from 'react';
import { Icon } from '../icon/icon.tsx';
import styles from './field.module.css';

/** What an input needs to be tied to its label, help and error. */
export interface FieldControl {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean | undefined;
}

/** Label above, unit inside at the right, help below; an error keeps what was typed and says the right value. */
export function Field({
  label,
  help,
  error,
  unit,
  children,
}: {
  readonly label: string;
  readonly help?: string | undefined;
  readonly error?: string | null | undefined;
  readonly unit?: string | undefined;
  readonly children: (control: FieldControl) => ReactNode;
}) {
  const id = useId();
  const note = error ?? help;
  return (
    <div className={styles.field} data-error={error ? true : undefined}>
      <label htmlFor={id}>{label}</label>
      <div className={styles.control}>
        {children({
          id,
          'aria-describedby': note ? `${id}-note` : undefined,
          'aria-invalid': error ? true : undefined,
        })}
        {unit && <span className={styles.unit}>{unit}</span>}
      </div>
      {note && (
        <p id={`${id}-note`} className={styles.note} {...(error ? { role: 'alert' } : {})}>
          {error && <Icon name="critical" size={14} />}
          {note}
        </p>
      )}
    </div>
  );
}

/** What a failed request says above the buttons of a form. */
export function FormError({ children }: { readonly children: ReactNode }) {
  return (
    <p className={styles.formError} role="alert">
      <Icon name="critical" />
      <span>{children}</span>
    </p>
  );
}
