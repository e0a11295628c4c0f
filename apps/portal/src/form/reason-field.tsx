'use client';
import { useTranslator } from '../i18n/provider.tsx';
import { Field } from './field.tsx';

/** Why a person decides something that the audit trail keeps. */
export function ReasonField({
  reason,
  help,
  isMissing,
  onChange,
}: {
  readonly reason: string;
  readonly help?: string;
  readonly isMissing: boolean;
  readonly onChange: (reason: string) => void;
}) {
  const t = useTranslator();
  return (
    <Field label={t('form.reason')} help={help} error={isMissing ? t('form.required') : null}>
      {(control) => (
        <input
          {...control}
          value={reason}
          maxLength={500}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
