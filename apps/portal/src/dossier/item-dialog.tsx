'use client';
import { type FormEvent, useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field } from '../form/field.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './dossier.module.css';
import { InvestmentLine } from './investment-line.tsx';
import {
  draftOfItem,
  type Item,
  type ItemDraft,
  type ItemField,
  type ItemList,
  itemFields,
  itemOfDraft,
} from './item-field.ts';

export interface SiteOption {
  readonly id: string;
  readonly name: string;
}

/** One item of a list: its fields, taken over into the page, where it is saved with the rest. */
export function ItemDialog({
  title,
  list,
  item,
  given,
  sites,
  onTake,
  onClose,
}: {
  readonly title: string;
  readonly list: ItemList;
  readonly item: Item | null;
  /** Of a new item. */
  readonly given: ItemDraft;
  readonly sites: readonly SiteOption[];
  readonly onTake: (item: Item) => void;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const [draft, setDraft] = useState(() => draftOfItem(list, item, given));
  const [faults, setFaults] = useState<readonly string[]>([]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const result = itemOfDraft(list, draft);
    if (result.ok) onTake(result.item);
    else setFaults(result.faults);
  };
  const unitOf = ({ unit }: ItemField): string | undefined =>
    unit === 'money' ? (draft.currency ?? '') : unit === 'years' ? t('dossier.yearsUnit') : unit;
  return (
    <Dialog title={title} onClose={onClose} isWide>
      <form onSubmit={submit} noValidate>
        <div className={styles.fields}>
          {itemFields[list].map((field) => {
            const set = (value: string): void => setDraft((before) => ({ ...before, [field.name]: value }));
            if (field.kind === 'check')
              return (
                <label key={field.name} className={styles.check}>
                  <input
                    type="checkbox"
                    checked={draft[field.name] === 'yes'}
                    onChange={(e) => set(e.target.checked ? 'yes' : '')}
                  />
                  {t(field.label)}
                </label>
              );
            return (
              <div key={field.name} data-long={field.kind === 'long' || undefined} className={styles.cell}>
                <Field
                  label={t(field.label)}
                  unit={unitOf(field)}
                  help={field.help && t(field.help)}
                  error={faults.includes(field.name) ? t('form.required') : null}
                >
                  {(control) => (
                    <ItemInput
                      control={control}
                      field={field}
                      value={draft[field.name] ?? ''}
                      sites={sites}
                      onChange={set}
                    />
                  )}
                </Field>
              </div>
            );
          })}
        </div>
        {list === 'opportunities' && <InvestmentLine draft={draft} />}
        <DialogButtons>
          <Button kind="primary" type="submit">
            {t('dossier.take')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

function ItemInput({
  control,
  field,
  value,
  sites,
  onChange,
}: {
  readonly control: {
    readonly id: string;
    readonly 'aria-describedby': string | undefined;
    readonly 'aria-invalid': boolean | undefined;
  };
  readonly field: ItemField;
  readonly value: string;
  readonly sites: readonly SiteOption[];
  readonly onChange: (value: string) => void;
}) {
  const t = useTranslator();
  if (field.kind === 'long')
    return (
      <textarea {...control} value={value} maxLength={20_000} onChange={(e) => onChange(e.target.value)} />
    );
  if (field.kind === 'site')
    return (
      <select {...control} value={value} onChange={(e) => onChange(e.target.value)}>
        <option value="">{t('dossier.noSite')}</option>
        {sites.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    );
  if (field.kind === 'choice')
    return (
      <select {...control} value={value} onChange={(e) => onChange(e.target.value)}>
        {field.options?.map((option) => (
          <option key={option} value={option}>
            {field.optionText?.(option, t) ?? option}
          </option>
        ))}
      </select>
    );
  return (
    <input
      {...control}
      type={field.kind === 'date' ? 'date' : 'text'}
      inputMode={field.kind === 'line' || field.kind === 'date' ? undefined : 'decimal'}
      value={value}
      maxLength={300}
      onChange={(e) => onChange(e.target.value)}
    />
  );
}
