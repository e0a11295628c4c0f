'use client';
import { Field } from '../form/field.tsx';
import { useTranslator } from '../i18n/provider.tsx';

/** Addresses as people write a list of them, and what of it is none. */
export function recipientsOf(text: string): {
  readonly addresses: readonly string[];
  readonly wrong: readonly string[];
} {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  const isAddress = (part: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(part);
  return { addresses: parts.filter(isAddress), wrong: parts.filter((part) => !isAddress(part)) };
}

export function RecipientsField({
  value,
  isTried,
  onChange,
}: {
  readonly value: string;
  readonly isTried: boolean;
  readonly onChange: (value: string) => void;
}) {
  const t = useTranslator();
  const { addresses, wrong } = recipientsOf(value);
  const fault =
    wrong.length > 0
      ? t('mail.recipientsWrong', { list: wrong.join(', ') })
      : addresses.length === 0
        ? t('form.required')
        : null;
  return (
    <Field label={t('mail.recipients')} help={t('mail.recipientsHelp')} error={isTried ? fault : null}>
      {(control) => <textarea {...control} value={value} onChange={(e) => onChange(e.target.value)} />}
    </Field>
  );
}
