'use client';
import type { VirtualMeter, VirtualMeters } from '@wattproof/contracts/api';
import { energyUses } from '@wattproof/energy';
import type { PortalTranslator } from '@wattproof/messages';
import { measurandText } from '@wattproof/messages';
import { type FormEvent, useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import styles from './calculated.module.css';
import {
  countersOf,
  type DefinitionDraft,
  type DefinitionProblem,
  emptyTerm,
  findingsOf,
  readDefinition,
  sourcesFor,
  type TermDraft,
} from './definition.ts';

type Source = VirtualMeters['sources'][number];

/** Defines a sum of meters. What the service refuses is said beside the form, by the meters' names. */
export function DefinitionDialog({
  siteId,
  timeZone,
  meterId,
  initial,
  sources,
  zones,
  onSaved,
  onClose,
}: {
  readonly siteId: string;
  readonly timeZone: string;
  /** null: a new one. */
  readonly meterId: number | null;
  readonly initial: DefinitionDraft;
  readonly sources: readonly Source[];
  readonly zones: readonly { readonly id: string; readonly name: string }[];
  readonly onSaved: () => void;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const { isBusy, error, problem, send } = useSubmit<VirtualMeter>();
  const [draft, setDraft] = useState(initial);
  const [problems, setProblems] = useState<ReadonlyMap<number | null, DefinitionProblem>>(new Map());
  const change = (changes: Partial<DefinitionDraft>): void => setDraft({ ...draft, ...changes });
  const changeTerm = (key: number, changes: Partial<TermDraft>): void =>
    change({ terms: draft.terms.map((term) => (term.key === key ? { ...term, ...changes } : term)) });
  const counters = countersOf(sources, draft.carrier);
  // A sum cannot be part of itself.
  const possible = sourcesFor(sources, draft).filter((s) => s.meterId !== meterId);
  const carriers = [...new Set([draft.carrier, ...sources.map((s) => s.carrier)])];
  const chooseCarrier = (carrier: string): void =>
    change({
      carrier,
      measurand: countersOf(sources, carrier)[0] ?? draft.measurand,
      terms: [emptyTerm(0)],
    });
  const refusals = findingsOf(problem?.details ?? {});
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const read = readDefinition(draft, timeZone);
    setProblems(read.ok ? new Map() : read.problems);
    if (!read.ok) return;
    const path = `/sites/${siteId}/virtual-meters`;
    const answer = await send(meterId === null ? path : `${path}/${meterId}`, {
      method: meterId === null ? 'POST' : 'PUT',
      json: read.wish,
    });
    if (answer.ok) onSaved();
  };
  return (
    <Dialog
      title={
        meterId === null ? t('calculated.newTitle') : t('calculated.changeTitle', { name: initial.name })
      }
      onClose={onClose}
      isWide
    >
      <form onSubmit={submit} noValidate>
        <div className={styles.columns}>
          <Field label={t('calculated.name')} error={problems.has(null) ? t('form.required') : null}>
            {(control) => (
              <input
                {...control}
                value={draft.name}
                maxLength={80}
                required
                onChange={(event) => change({ name: event.target.value })}
              />
            )}
          </Field>
          <Field label={t('calculated.role')}>
            {(control) => (
              <select
                {...control}
                value={draft.role}
                onChange={(event) => change({ role: event.target.value as DefinitionDraft['role'] })}
              >
                {(['use', 'feeder', 'total'] as const).map((role) => (
                  <option key={role} value={role}>
                    {t(`meterRole.${role}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t('site.carrier')}>
            {(control) => (
              <select
                {...control}
                value={draft.carrier}
                onChange={(event) => chooseCarrier(event.target.value)}
              >
                {carriers.map((carrier) => (
                  <option key={carrier} value={carrier}>
                    {t(`carrier.${carrier}` as 'carrier.gas')}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t('meter.measurand')}>
            {(control) => (
              <select
                {...control}
                value={draft.measurand}
                onChange={(event) => change({ measurand: event.target.value, terms: [emptyTerm(0)] })}
              >
                {(counters.length > 0 ? counters : [draft.measurand]).map((m) => (
                  <option key={m} value={m}>
                    {measurandText(t, m)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t('site.use')}>
            {(control) => (
              <select
                {...control}
                value={draft.energyUse}
                onChange={(event) => change({ energyUse: event.target.value })}
              >
                <option value="">{t('calculated.noUse')}</option>
                {energyUses.map((use) => (
                  <option key={use} value={use}>
                    {t(`use.${use}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t('balance.zone')}>
            {(control) => (
              <select
                {...control}
                value={draft.zoneId}
                onChange={(event) => change({ zoneId: event.target.value })}
              >
                <option value="">{t('calculated.wholeSite')}</option>
                {zones.map((zone) => (
                  <option key={zone.id} value={zone.id}>
                    {zone.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <fieldset className={styles.terms}>
          <legend>{t('calculated.terms')}</legend>
          {draft.terms.map((term, i) => (
            <TermFields
              key={term.key}
              number={i + 1}
              term={term}
              possible={possible}
              problem={problems.get(term.key)}
              onChange={(changes) => changeTerm(term.key, changes)}
              onRemove={
                draft.terms.length > 1
                  ? () => change({ terms: draft.terms.filter((other) => other.key !== term.key) })
                  : undefined
              }
            />
          ))}
          <Button
            kind="words"
            onClick={() =>
              change({ terms: [...draft.terms, emptyTerm(Math.max(...draft.terms.map((x) => x.key)) + 1)] })
            }
          >
            {t('calculated.addTerm')}
          </Button>
        </fieldset>
        <p className={styles.note}>{t('calculated.recompute')}</p>
        {refusals.length > 0
          ? refusals.map((f) => (
              <FormError key={`${f.code} ${f.message}`}>{refusalText(t, f, sources)}</FormError>
            ))
          : error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {t(isBusy ? 'form.saving' : 'form.save')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

function TermFields({
  number,
  term,
  possible,
  problem,
  onChange,
  onRemove,
}: {
  readonly number: number;
  readonly term: TermDraft;
  readonly possible: readonly Source[];
  readonly problem: DefinitionProblem | undefined;
  readonly onChange: (changes: Partial<TermDraft>) => void;
  readonly onRemove: (() => void) | undefined;
}) {
  const t = useTranslator();
  return (
    <div className={styles.term}>
      <Field label={t('calculated.sign')}>
        {(control) => (
          <select
            {...control}
            value={term.sign}
            onChange={(event) => onChange({ sign: event.target.value === '-1' ? -1 : 1 })}
          >
            <option value={1}>+</option>
            <option value={-1}>{'\u2212'}</option>
          </select>
        )}
      </Field>
      <Field label={t('calculated.term', { number })} error={problem === 'term' ? t('form.required') : null}>
        {(control) => (
          <select
            {...control}
            value={term.sourceMeterId ?? ''}
            onChange={(event) =>
              onChange({ sourceMeterId: event.target.value === '' ? null : Number(event.target.value) })
            }
          >
            <option value="">{t('calculated.choose')}</option>
            {possible.map((s) => (
              <option key={s.meterId} value={s.meterId}>
                {s.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t('calculated.from')}>
        {(control) => (
          <input
            {...control}
            type="date"
            value={term.from}
            onChange={(event) => onChange({ from: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('calculated.to')} error={problem === 'dates' ? t('calculated.reversed') : null}>
        {(control) => (
          <input
            {...control}
            type="date"
            value={term.to}
            onChange={(event) => onChange({ to: event.target.value })}
          />
        )}
      </Field>
      {onRemove && (
        <button
          type="button"
          className={styles.remove}
          aria-label={t('calculated.removeTerm', { number })}
          onClick={onRemove}
        >
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}

/** A refusal in the reader's language, with meters by their names. */
function refusalText(
  t: PortalTranslator,
  { code, message, data = {} }: ReturnType<typeof findingsOf>[number],
  sources: readonly Source[],
): string {
  const nameOf = (id: unknown): string => sources.find((s) => s.meterId === id)?.name ?? String(id ?? '—');
  const key = `calculated.refused.${code}`;
  if (!t.has(key)) return message;
  return t(key, {
    meter: nameOf(data.meterId),
    other: nameOf(data.alsoIn),
    path: Array.isArray(data.cycle) ? data.cycle.map(nameOf).join(' → ') : '—',
  });
}
