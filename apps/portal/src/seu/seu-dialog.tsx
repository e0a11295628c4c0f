'use client';
import type { EnpiSummary, RelevantVariable, Seu } from '@wattproof/contracts/api';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { parseNumber } from '../form/parse-number.ts';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './seu.module.css';
import { seuName } from './seu-text.ts';

/** What belongs to a significant use: its people, how it is to be run, what moves it, its EnPI and its potential. */
export function SeuDialog({
  seu,
  variables,
  enpis,
  onClose,
}: {
  readonly seu: Seu;
  readonly variables: readonly RelevantVariable[];
  readonly enpis: readonly EnpiSummary[];
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const [name, setName] = useState(seuName(seu, t));
  const [operators, setOperators] = useState(seu.operators.join('\n'));
  const [criteria, setCriteria] = useState(seu.operatingCriteria);
  const [potential, setPotential] = useState(
    seu.potential_percent === null ? '' : String(seu.potential_percent),
  );
  const [note, setNote] = useState(seu.potentialNote);
  const [variableIds, setVariableIds] = useState<readonly string[]>(seu.variableIds);
  const [enpiId, setEnpiId] = useState(seu.enpiId ?? '');
  const [isTried, setTried] = useState(false);
  const percent = potential.trim() === '' ? null : parseNumber(potential);
  const isPotentialWrong = potential.trim() !== '' && (percent === null || percent < 0 || percent > 100);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (name.trim() === '' || isPotentialWrong) return;
    const answer = await send(`/seus/${seu.id}`, {
      method: 'PUT',
      json: {
        name: name.trim(),
        potential_percent: percent,
        potentialNote: note.trim(),
        operators: operators
          .split('\n')
          .map((o) => o.trim())
          .filter(Boolean),
        operatingCriteria: criteria.trim(),
        variableIds,
        enpiId: enpiId || null,
      },
    });
    if (!answer.ok) return;
    onClose();
    router.refresh();
  };
  return (
    <Dialog title={t('seu.edit', { name: seuName(seu, t) })} onClose={onClose} isWide>
      <form onSubmit={(event) => void submit(event)}>
        <Field label={t('seu.name')} error={isTried && name.trim() === '' ? t('form.required') : null}>
          {(control) => (
            <input {...control} value={name} maxLength={120} onChange={(e) => setName(e.target.value)} />
          )}
        </Field>
        <Field label={t('seu.operators')} help={t('seu.operatorsHelp')}>
          {(control) => (
            <textarea {...control} value={operators} onChange={(e) => setOperators(e.target.value)} />
          )}
        </Field>
        <Field label={t('seu.operatingCriteria')} help={t('seu.operatingHelp')}>
          {(control) => (
            <textarea
              {...control}
              value={criteria}
              maxLength={2000}
              onChange={(e) => setCriteria(e.target.value)}
            />
          )}
        </Field>
        <Field
          label={t('seu.potential')}
          unit="%"
          help={t('seu.potentialHelp')}
          error={isTried && isPotentialWrong ? t('seu.potentialWrong') : null}
        >
          {(control) => (
            <input
              {...control}
              inputMode="decimal"
              value={potential}
              onChange={(e) => setPotential(e.target.value)}
            />
          )}
        </Field>
        <Field label={t('seu.potentialNote')}>
          {(control) => (
            <input {...control} value={note} maxLength={1000} onChange={(e) => setNote(e.target.value)} />
          )}
        </Field>
        {variables.length > 0 && (
          <fieldset>
            <legend className={styles.legend}>{t('workbench.variables')}</legend>
            <ul className={styles.options}>
              {variables.map((v) => (
                <li key={v.id}>
                  <label>
                    <input
                      type="checkbox"
                      checked={variableIds.includes(v.id)}
                      onChange={() =>
                        setVariableIds(
                          variableIds.includes(v.id)
                            ? variableIds.filter((id) => id !== v.id)
                            : [...variableIds, v.id],
                        )
                      }
                    />
                    <span>{v.name}</span>
                  </label>
                </li>
              ))}
            </ul>
          </fieldset>
        )}
        <Field label={t('performance.enpi')} help={t('seu.enpiHelp')}>
          {(control) => (
            <select {...control} value={enpiId} onChange={(e) => setEnpiId(e.target.value)}>
              <option value="">{t('seu.noEnpi')}</option>
              {enpis.map((e) => (
                <option key={e.id} value={e.id}>
                  {e.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button type="submit" kind="primary" disabled={isBusy}>
            {t(isBusy ? 'form.saving' : 'form.save')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
