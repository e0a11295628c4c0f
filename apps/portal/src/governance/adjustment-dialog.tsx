'use client';
import { type Adjustment, type EnpiSummary, greatestEvidenceFiles } from '@wattproof/contracts/api';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { parseNumber } from '../form/parse-number.ts';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { Effects } from './adjustments.tsx';
import { acceptedFiles, evidencePath, mediaTypeOf } from './evidence-files.tsx';
import styles from './governance.module.css';

const wh = 1000;

/** A dossier: what happened, how it is known, how its effect was found, and how large it is for each EnPI. */
export function AdjustmentDialog({
  sites,
  enpis,
  onClose,
}: {
  readonly sites: readonly { readonly id: string; readonly name: string }[];
  readonly enpis: readonly EnpiSummary[];
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit<Adjustment>();
  const known = sites.filter((s) => enpis.some((e) => e.siteId === s.id));
  const [siteId, setSiteId] = useState(known[0]?.id ?? '');
  const [event, setEvent] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [method, setMethod] = useState('');
  const [evidence, setEvidence] = useState('');
  const [effects, setEffects] = useState<Readonly<Record<string, { energy: string; half: string }>>>({});
  const [isTried, setTried] = useState(false);
  const [preview, setPreview] = useState<Adjustment | null>(null);
  const [files, setFiles] = useState<readonly File[]>([]);
  // A dossier that was proposed while one of its files was refused is not proposed a second time.
  const [proposed, setProposed] = useState<Adjustment | null>(null);
  const ofSite = enpis.filter((e) => e.siteId === siteId);
  const entered = ofSite.flatMap((e) => {
    const typed = effects[e.id];
    if (!typed || typed.energy.trim() === '') return [];
    return [{ enpiId: e.id, energy: parseNumber(typed.energy), half: parseNumber(typed.half || '0') }];
  });
  const isNumberWrong = entered.some((e) => e.energy === null || e.half === null || e.half < 0);
  const isMissing = (text: string): boolean => text.trim().length < 3;
  const isIncomplete =
    isMissing(event) || isMissing(method) || isMissing(evidence) || from === '' || entered.length === 0;
  const isReversed = to !== '' && to < from;
  const required = (text: string): string | null => (isTried && isMissing(text) ? t('form.required') : null);
  const post = async (path: string): Promise<void> => {
    setTried(true);
    if (isIncomplete || isNumberWrong || isReversed) return;
    const answer = await send(path, {
      method: 'POST',
      json: {
        siteId,
        event: event.trim(),
        from,
        to: to === '' ? null : to,
        method: method.trim(),
        evidence: evidence.trim(),
        effects: entered.map((e) => ({
          enpiId: e.enpiId,
          energy_wh_per_day: (e.energy as number) * wh,
          halfWidth_wh_per_day: (e.half as number) * wh,
        })),
      },
    });
    if (!answer.ok) return;
    if (path.endsWith('/preview')) {
      setPreview(answer.value);
      return;
    }
    setProposed(answer.value);
    await addFiles(answer.value);
  };
  /** One after another, so that a refused file is named by its error and the others are kept. */
  const addFiles = async ({ id }: Adjustment): Promise<void> => {
    let left = files;
    for (const file of files) {
      const answer = await send(evidencePath(id, file), {
        method: 'POST',
        text: { body: file, type: mediaTypeOf(file) },
      });
      if (!answer.ok) {
        router.refresh();
        return;
      }
      left = left.filter((other) => other !== file);
      setFiles(left);
    }
    onClose();
    router.refresh();
  };
  const change =
    <T,>(set: (value: T) => void) =>
    (value: T): void => {
      // A preview is of what was typed then.
      setPreview(null);
      set(value);
    };
  return (
    <Dialog title={t('adjustment.new')} onClose={onClose} isWide>
      <form
        onSubmit={(submitted: FormEvent) => {
          submitted.preventDefault();
          if (proposed) void addFiles(proposed);
          else void post(preview ? '/adjustments' : '/adjustments/preview');
        }}
      >
        <div className={styles.two}>
          <Field label={t('shell.site')}>
            {(control) => (
              <select {...control} value={siteId} onChange={(e) => change(setSiteId)(e.target.value)}>
                {known.map((s) => (
                  <option key={s.id} value={s.id}>
                    {s.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t('adjustment.event')} help={t('adjustment.eventHelp')} error={required(event)}>
            {(control) => (
              <input
                {...control}
                value={event}
                maxLength={200}
                onChange={(e) => change(setEvent)(e.target.value)}
              />
            )}
          </Field>
          <Field label={t('period.from')} error={isTried && from === '' ? t('form.required') : null}>
            {(control) => (
              <input
                {...control}
                type="date"
                value={from}
                onChange={(e) => change(setFrom)(e.target.value)}
              />
            )}
          </Field>
          <Field
            label={t('period.to')}
            help={t('adjustment.toHelp')}
            error={isTried && isReversed ? t('target.reversed') : null}
          >
            {(control) => (
              <input {...control} type="date" value={to} onChange={(e) => change(setTo)(e.target.value)} />
            )}
          </Field>
          <Field label={t('adjustment.method')} help={t('adjustment.methodHelp')} error={required(method)}>
            {(control) => (
              <textarea
                {...control}
                value={method}
                maxLength={2000}
                onChange={(e) => change(setMethod)(e.target.value)}
              />
            )}
          </Field>
          <Field
            label={t('adjustment.evidence')}
            help={t('adjustment.evidenceHelp')}
            error={required(evidence)}
          >
            {(control) => (
              <textarea
                {...control}
                value={evidence}
                maxLength={4000}
                onChange={(e) => change(setEvidence)(e.target.value)}
              />
            )}
          </Field>
        </div>
        <table className={styles.effects}>
          <caption className="visually-hidden">{t('adjustment.effect')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('performance.enpi')}</th>
              <th scope="col">{t('adjustment.perDayUnit')}</th>
              <th scope="col">{t('adjustment.halfUnit')}</th>
            </tr>
          </thead>
          <tbody>
            {ofSite.map((e) => {
              const typed = effects[e.id] ?? { energy: '', half: '' };
              const set = (part: Partial<typeof typed>): void =>
                change(setEffects)({ ...effects, [e.id]: { ...typed, ...part } });
              return (
                <tr key={e.id}>
                  <th scope="row">{e.name}</th>
                  <td>
                    <input
                      inputMode="decimal"
                      aria-label={t('adjustment.energyOf', { name: e.name })}
                      value={typed.energy}
                      onChange={(x) => set({ energy: x.target.value })}
                    />
                  </td>
                  <td>
                    <input
                      inputMode="decimal"
                      aria-label={t('adjustment.halfOf', { name: e.name })}
                      value={typed.half}
                      onChange={(x) => set({ half: x.target.value })}
                    />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
        {isTried && isNumberWrong && <FormError>{t('form.number', { example: '−120' })}</FormError>}
        {isTried && isIncomplete && <FormError>{t('adjustment.incomplete')}</FormError>}
        <Field label={t('adjustment.files')} help={t('adjustment.fileHelp')}>
          {(control) => (
            <input
              {...control}
              type="file"
              multiple
              accept={acceptedFiles}
              onChange={(e) => setFiles([...(e.target.files ?? [])].slice(0, greatestEvidenceFiles))}
            />
          )}
        </Field>
        {proposed && files[0] && <p>{t('adjustment.fileRefused', { name: files[0].name })}</p>}
        {preview && (
          <>
            <p>{t('adjustment.previewText')}</p>
            <Effects effects={preview.effectOnEnpis} />
          </>
        )}
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button type="submit" kind="primary" disabled={isBusy}>
            {t(proposed ? 'adjustment.sendAgain' : preview ? 'adjustment.propose' : 'adjustment.preview')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
