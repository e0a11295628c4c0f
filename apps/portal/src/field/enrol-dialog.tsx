'use client';
import type { EnrolGateway, EnrolledGateway, Me } from '@wattproof/contracts/api';
import { type FormEvent, useState } from 'react';
import { request } from '../api/client.ts';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { problemText } from '../form/problem.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { Enrolled } from './enrolled.tsx';
import styles from './field.module.css';
import { MeterFields, type MeterWish, newMeter } from './meter-fields.tsx';

/** The contract's limit. */
const mostMeters = 200;

/** Enrols a bring-your-own gateway with its meters, then shows its password, once. */
export function EnrolDialog({
  sites,
  initialSiteId,
  onEnrolled,
  onClose,
}: {
  readonly sites: Me['sites'];
  readonly initialSiteId: string | null;
  readonly onEnrolled: () => void;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const [name, setName] = useState('');
  const [siteId, setSiteId] = useState(initialSiteId ?? sites[0]?.id ?? '');
  const [meters, setMeters] = useState<readonly MeterWish[]>([newMeter(0)]);
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [enrolled, setEnrolled] = useState<EnrolledGateway | null>(null);

  const keyTaken = (meter: MeterWish): boolean =>
    meters.some((m) => m !== meter && m.key.trim() === meter.key.trim());
  const isComplete =
    name.trim() !== '' && meters.every((m) => m.key.trim() !== '' && m.name.trim() !== '' && !keyTaken(m));
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (!isComplete) return;
    setBusy(true);
    setError(null);
    const wish: EnrolGateway = {
      siteId,
      name: name.trim(),
      kind: 'custom',
      meters: meters.map((m) => ({
        key: m.key.trim(),
        name: m.name.trim(),
        carrier: m.carrier,
        measurand: m.measurand,
        ...(m.energyUse ? { energyUse: m.energyUse } : {}),
      })),
    };
    const answer = await request<EnrolledGateway>('/gateways', { method: 'POST', json: wish });
    setBusy(false);
    if (!answer.ok) return setError(problemText(t, answer.problem));
    setEnrolled(answer.value);
    onEnrolled();
  };
  if (enrolled) {
    const [first] = meters;
    return (
      <Enrolled
        enrolled={enrolled}
        meterKey={first?.key.trim() ?? ''}
        measurand={first?.measurand ?? ''}
        timeZone={sites.find((s) => s.id === siteId)?.timeZone ?? 'UTC'}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog title={t('field.enrolTitle')} onClose={onClose} isWide>
      <p className={styles.note}>{t('field.enrolLead')}</p>
      <form onSubmit={submit} noValidate>
        <div className={styles.pair}>
          <Field
            label={t('field.enrolName')}
            help={t('field.enrolNameHelp')}
            error={isTried && name.trim() === '' ? t('form.required') : null}
          >
            {(control) => (
              <input
                {...control}
                value={name}
                maxLength={80}
                required
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field label={t('field.site')}>
            {(control) => (
              <select {...control} value={siteId} onChange={(event) => setSiteId(event.target.value)}>
                {sites.map((s) => (
                  <option key={s.id} value={s.id}>
                    {s.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <div className={styles.meters}>
          {meters.map((meter, i) => (
            <MeterFields
              key={meter.id}
              number={i + 1}
              meter={meter}
              isTried={isTried}
              isKeyTaken={keyTaken(meter)}
              onChange={(changed) => setMeters(meters.map((m) => (m.id === meter.id ? changed : m)))}
              onRemove={
                meters.length > 1 ? () => setMeters(meters.filter((m) => m.id !== meter.id)) : undefined
              }
            />
          ))}
        </div>
        <div>
          <Button
            kind="words"
            disabled={meters.length >= mostMeters}
            onClick={() => setMeters([...meters, newMeter((meters.at(-1)?.id ?? 0) + 1)])}
          >
            {t('field.meterAdd')}
          </Button>
        </div>
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {isBusy && <Icon name="busy" size={14} />}
            {isBusy ? t('field.enrolling') : t('field.enrolSubmit')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
