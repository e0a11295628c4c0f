'use client';
import { type MeterEvent, type MeterEventPreview, meterEventKinds } from '@wattproof/contracts/api';
import { formatInstant, measurandText } from '@wattproof/messages';
import { type FormEvent, useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { localInstants } from '../form/local-instant.ts';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { serverNow_ms } from '../shell/server-clock.tsx';
import { ChangedDays } from './changed-days.tsx';
import { counterUnitOf } from './counter-unit.ts';
import {
  type DraftField,
  type DraftProblem,
  draftOfDetected,
  type EventDraft,
  type EventKind,
  emptyDraft,
  readDraft,
} from './event-draft.ts';
import styles from './meter.module.css';

/**
 * Records what happened to a meter: replaced, re-rated, reset. First it says which days' energy would change, then it
 * saves exactly that; a change of any field asks for the answer again.
 */
export function EventDialog({
  meterId,
  measurands,
  timeZone,
  detected,
  onSaved,
  onClose,
}: {
  readonly meterId: number;
  /** Counters of the meter, the one that its consumption comes from first. */
  readonly measurands: readonly string[];
  readonly timeZone: string;
  /** The event found by the computation that is being explained. */
  readonly detected: MeterEvent | null;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const { isBusy, error, send } = useSubmit<MeterEventPreview>();
  const [draft, setDraft] = useState<EventDraft>(() =>
    detected
      ? draftOfDetected(detected, measurands, timeZone)
      : emptyDraft(measurands, timeZone, serverNow_ms()),
  );
  const [problems, setProblems] = useState<Readonly<Partial<Record<DraftField, DraftProblem>>>>({});
  const [preview, setPreview] = useState<MeterEventPreview | null>(null);
  const change = (changes: Partial<EventDraft>): void => {
    setDraft({ ...draft, ...changes });
    setPreview(null);
  };
  const changeCounter = (measurand: string, changes: { closing?: string; opening?: string }): void =>
    change({ counters: draft.counters.map((c) => (c.measurand === measurand ? { ...c, ...changes } : c)) });
  const said = (field: DraftField): string | null => {
    const problem = problems[field];
    return problem ? t(`meter.event.problem.${problem}`) : null;
  };

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const read = readDraft(draft, timeZone, serverNow_ms());
    setProblems(read.ok ? {} : read.problems);
    if (!read.ok) return;
    if (!preview) {
      const answer = await send(`/meters/${meterId}/events/preview`, { method: 'POST', json: read.event });
      if (answer.ok) setPreview(answer.value);
      return;
    }
    const answer = await send(`/meters/${meterId}/events`, { method: 'POST', json: read.event });
    if (answer.ok) onSaved();
  };

  const instants = localInstants(timeZone, draft.at);
  return (
    <Dialog
      title={t(detected ? 'meter.event.confirmTitle' : 'meter.event.newTitle')}
      onClose={onClose}
      isWide
    >
      <form onSubmit={submit} noValidate>
        <div className={styles.columns}>
          <Field label={t('meter.event.kind')} help={t(`meter.event.help.${draft.kind}`)}>
            {(control) => (
              <select
                {...control}
                value={draft.kind}
                onChange={(event) => change({ kind: event.target.value as EventKind })}
              >
                {meterEventKinds.map((kind) => (
                  <option key={kind} value={kind}>
                    {t(`meter.event.${kind}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field
            label={t('meter.event.at')}
            help={t('meter.event.atHelp', { zone: timeZone })}
            error={said('at')}
          >
            {(control) => (
              <input
                {...control}
                type="datetime-local"
                value={draft.at}
                required
                onChange={(event) => change({ at: event.target.value, isSecond: false })}
              />
            )}
          </Field>
        </div>
        {instants.length === 2 && (
          <fieldset className={styles.choice}>
            <legend>{t('meter.event.twice')}</legend>
            {instants.map((at, i) => (
              <label key={at}>
                <input
                  type="radio"
                  name="second"
                  checked={draft.isSecond === (i === 1)}
                  onChange={() => change({ isSecond: i === 1 })}
                />
                {t(i === 0 ? 'meter.event.first' : 'meter.event.second', {
                  time: formatInstant(t.locale, 'UTC', at, 'time'),
                })}
              </label>
            ))}
          </fieldset>
        )}
        {draft.counters.slice(0, 1).map((counter) => (
          <CounterFields
            key={counter.measurand}
            counter={counter}
            said={said}
            onChange={changeCounter}
            hasHelp
          />
        ))}
        {draft.counters.length > 1 && (
          <details open={draft.counters.slice(1).some((c) => c.closing !== '' || c.opening !== '')}>
            <summary className={styles.more}>
              {t('meter.event.others', { count: draft.counters.length - 1 })}
            </summary>
            <div className={styles.others}>
              {draft.counters.slice(1).map((counter) => (
                <CounterFields
                  key={counter.measurand}
                  counter={counter}
                  said={said}
                  onChange={changeCounter}
                />
              ))}
            </div>
          </details>
        )}
        {draft.kind === 'replacement' && (
          <Field label={t('meter.event.serial')}>
            {(control) => (
              <input
                {...control}
                value={draft.serialNumber}
                maxLength={80}
                onChange={(event) => change({ serialNumber: event.target.value })}
              />
            )}
          </Field>
        )}
        {draft.kind === 'ratioChange' && (
          <div className={styles.columns}>
            {(['ratioBefore', 'ratioAfter'] as const).map((field) => (
              <Field
                key={field}
                label={t(`meter.event.${field}`)}
                help={t('meter.event.ratioHelp')}
                error={said(field)}
              >
                {(control) => (
                  <input
                    {...control}
                    inputMode="decimal"
                    value={draft[field]}
                    onChange={(event) => change({ [field]: event.target.value })}
                  />
                )}
              </Field>
            ))}
          </div>
        )}
        <Field label={t('meter.event.note')} help={t('meter.event.noteHelp')}>
          {(control) => (
            <input
              {...control}
              value={draft.note}
              maxLength={500}
              onChange={(event) => change({ note: event.target.value })}
            />
          )}
        </Field>
        {preview && <ChangedDays preview={preview} />}
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {t(isBusy ? 'meter.event.computing' : preview ? 'meter.event.save' : 'meter.event.preview')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

/** Where one counter ends and goes on. */
function CounterFields({
  counter: { measurand, closing, opening },
  said,
  onChange,
  hasHelp = false,
}: {
  readonly counter: EventDraft['counters'][number];
  readonly said: (field: DraftField) => string | null;
  readonly onChange: (measurand: string, changes: { closing?: string; opening?: string }) => void;
  readonly hasHelp?: boolean;
}) {
  const t = useTranslator();
  const { unit } = counterUnitOf(measurand);
  return (
    <fieldset className={styles.counter}>
      <legend>{measurandText(t, measurand)}</legend>
      <Field
        label={t('meter.event.closing')}
        unit={unit}
        help={hasHelp ? t('meter.event.closingHelp') : undefined}
        error={said(`closing.${measurand}`)}
      >
        {(control) => (
          <input
            {...control}
            inputMode="decimal"
            value={closing}
            onChange={(event) => onChange(measurand, { closing: event.target.value })}
          />
        )}
      </Field>
      <Field
        label={t('meter.event.opening')}
        unit={unit}
        help={hasHelp ? t('meter.event.openingHelp') : undefined}
        error={said(`opening.${measurand}`)}
      >
        {(control) => (
          <input
            {...control}
            inputMode="decimal"
            value={opening}
            onChange={(event) => onChange(measurand, { opening: event.target.value })}
          />
        )}
      </Field>
    </fieldset>
  );
}
