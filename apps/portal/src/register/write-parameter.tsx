'use client';
import type { CommandResult, Gateway } from '@wattproof/contracts/api';
import { decodeWords, encodeWords, findProfile, type Point } from '@wattproof/devices';
import { useState } from 'react';
import { Choice } from '../configuration/meter-dialog.tsx';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { parseNumber } from '../form/parse-number.ts';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './register.module.css';
import type { RegisterDevice } from './register-devices.ts';

interface Writable {
  readonly device: RegisterDevice;
  readonly point: Point;
}

/** Parameters that the maps of a gateway's devices let be written. Own maps have none: a table does not say what may be set. */
const writablesOf = (gateway: Gateway, devices: readonly RegisterDevice[]): Writable[] =>
  devices.flatMap((device) => {
    const profileId = gateway.meters.find((m) => m.key === device.meterKey)?.profileId ?? '';
    return (findProfile(profileId)?.points ?? [])
      .filter((point) => point.writable && point.input === undefined)
      .map((point) => ({ device, point }));
  });

/** Sets a parameter: read first, confirmed by a person, written only over what was read, read back. */
export function WriteParameter({
  base,
  gateway,
  devices,
  onResult,
}: {
  readonly base: string;
  readonly gateway: Gateway;
  readonly devices: readonly RegisterDevice[];
  readonly onResult: (result: CommandResult) => void;
}) {
  const t = useTranslator();
  const writables = writablesOf(gateway, devices);
  const [chosen, setChosen] = useState(0);
  const [before, setBefore] = useState<readonly number[] | null>(null);
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const [isAsking, setAsking] = useState(false);
  const { isBusy, error, send } = useSubmit<CommandResult>();
  const writable = writables[chosen];
  if (!writable)
    return (
      <Section title={t('register.write')} basis={t('register.writeBasis')}>
        <p className={styles.note}>{t('register.writeNone')}</p>
      </Section>
    );
  const { device, point } = writable;
  const value = parseNumber(text);
  const isAllowed =
    value !== null &&
    Number.isInteger(value) &&
    (point.allowed?.includes(value) ?? true) &&
    (point.range === undefined || (value >= point.range.min && value <= point.range.max));
  const limits = point.allowed
    ? t('register.allowed', { values: point.allowed.join(', ') })
    : point.range
      ? t('register.between', { min: String(point.range.min), max: String(point.range.max) })
      : undefined;
  const now = before ? decodeWords(before, point.type, point.wordOrder) : undefined;
  const read = async (): Promise<void> => {
    const answer = await send(`${base}/read`, {
      method: 'POST',
      json: {
        line: device.line,
        unit: device.unit,
        functionCode: 3,
        address: point.address,
        words: device.points.find((p) => p.address === point.address)?.words ?? 1,
      },
    });
    if (!answer.ok) return;
    onResult(answer.value);
    setBefore(answer.value.outcome === 'done' ? (answer.value.registers[0]?.words ?? null) : null);
  };
  const write = async (): Promise<void> => {
    if (!before || value === null) return;
    const answer = await send(`${base}/write`, {
      method: 'POST',
      json: {
        meterKey: device.meterKey,
        point: point.key,
        before,
        words: encodeWords(value, point.type, point.wordOrder),
        reason: reason.trim(),
      },
    });
    if (!answer.ok) return;
    setAsking(false);
    setBefore(null);
    onResult(answer.value);
  };
  return (
    <Section title={t('register.write')} basis={t('register.writeBasis')}>
      <div className={styles.form}>
        <Choice
          label={t('register.parameter')}
          value={String(chosen)}
          onChange={(index) => {
            setChosen(Number(index));
            setBefore(null);
            setText('');
          }}
          options={writables.map(({ device: d, point: p }, i) => ({
            id: String(i),
            name: `${d.unit}, ${d.name}: ${p.key}`,
          }))}
        />
        <Field label={t('register.now')}>
          {(control) => <input {...control} readOnly value={now === undefined ? '—' : String(now)} />}
        </Field>
        <Field
          label={t('register.newValue')}
          help={limits}
          error={text !== '' && !isAllowed ? (limits ?? t('register.whereWrong')) : null}
        >
          {(control) => (
            <input
              {...control}
              inputMode="numeric"
              autoComplete="off"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
      </div>
      {error && !isAsking && <FormError>{error}</FormError>}
      <div className={styles.acts}>
        <Button disabled={isBusy || !gateway.online} onClick={() => void read()}>
          {t('register.writeAsk')}
        </Button>
        <Button disabled={isBusy || !before || !isAllowed} onClick={() => setAsking(true)}>
          {t('register.write')}
        </Button>
      </div>
      {isAsking && (
        <Dialog
          title={t('register.writeTitle', { point: point.key, device: device.name })}
          onClose={() => setAsking(false)}
        >
          <p>{t('register.writeText', { before: String(now ?? '—'), after: text })}</p>
          <Field label={t('register.writeReason')}>
            {(control) => (
              <input
                {...control}
                maxLength={200}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
          {error && <FormError>{error}</FormError>}
          <DialogButtons>
            <Button kind="destructive" disabled={isBusy || reason.trim() === ''} onClick={() => void write()}>
              {isBusy ? t('register.writing') : t('register.writeNow', { value: text })}
            </Button>
            <Button onClick={() => setAsking(false)}>{t('form.cancel')}</Button>
          </DialogButtons>
        </Dialog>
      )}
    </Section>
  );
}
