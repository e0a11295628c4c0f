'use client';
import type { DeadLetter, EnrolledGateway, Gateway } from '@wattproof/contracts/api';
import { formatInstant } from '@wattproof/messages';
import { useEffect, useState } from 'react';
import { request } from '../api/client.ts';
import { Button } from '../form/button.tsx';
import { CopyText } from '../form/copy-text.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import styles from './field.module.css';
import { lastHeardAt } from './gateway-state.ts';
import { publishLine } from './publish-line.ts';

/** A gateway just enrolled: its credentials, a line to try them, and whether the first message has come. */
export function Enrolled({
  enrolled,
  meterKey,
  measurand,
  timeZone,
  onClose,
}: {
  readonly enrolled: EnrolledGateway;
  readonly meterKey: string;
  readonly measurand: string;
  readonly timeZone: string;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const { gateway, mqttUrl, username, password, topic } = enrolled;
  return (
    <Dialog title={t('field.enrolledTitle', { name: gateway.name })} onClose={onClose} isHeld isWide>
      <p className={styles.once}>{t('field.enrolledOnce')}</p>
      <div>
        <CopyText label={t('field.broker')} text={mqttUrl} />
        <CopyText label={t('field.username')} text={username} />
        <CopyText label={t('field.password')} text={password} />
        <CopyText label={t('field.topic')} text={topic} />
        <CopyText
          label={t('field.publishLine')}
          text={publishLine({ mqttUrl, username, password, topic, meterKey, measurand })}
        />
      </div>
      <FirstMessage gatewayId={gateway.id} timeZone={timeZone} />
      <DialogButtons>
        <Button kind="primary" onClick={onClose}>
          {t('field.enrolledDone')}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

const period_ms = 2_000;

type Outcome =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'arrived'; readonly at: string }
  | { readonly kind: 'rejected'; readonly letter: DeadLetter };

/** Asks until the first message is stored or refused, so that nobody has to look for it. */
function FirstMessage({ gatewayId, timeZone }: { readonly gatewayId: string; readonly timeZone: string }) {
  const t = useTranslator();
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'waiting' });
  useEffect(() => {
    if (outcome.kind === 'arrived') return;
    const abort = new AbortController();
    const timer = setInterval(async () => {
      const [gateways, letters] = await Promise.all([
        request<{ gateways: Gateway[] }>('/gateways', { signal: abort.signal }),
        request<{ deadLetters: DeadLetter[] }>(
          `/dead-letters?limit=1&gatewayId=${encodeURIComponent(gatewayId)}`,
          { signal: abort.signal },
        ),
      ]);
      if (abort.signal.aborted) return;
      const own = gateways.ok ? gateways.value.gateways.find((g) => g.id === gatewayId) : undefined;
      const [letter] = letters.ok ? letters.value.deadLetters : [];
      const stored = own?.meters.some((m) => m.lastReadingAt !== null) ? lastHeardAt(own) : null;
      if (stored) setOutcome({ kind: 'arrived', at: stored });
      else if (letter) setOutcome({ kind: 'rejected', letter });
    }, period_ms);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [gatewayId, outcome.kind]);
  return (
    <p className={styles.waiting} data-state={outcome.kind} role="status">
      <Icon name={outcome.kind === 'arrived' ? 'check' : outcome.kind === 'rejected' ? 'warning' : 'busy'} />
      {outcome.kind === 'arrived'
        ? t('field.arrived', { time: formatInstant(t.locale, timeZone, outcome.at, 'timeSeconds') })
        : outcome.kind === 'rejected'
          ? t('field.rejectedMessage', { reason: outcome.letter.message })
          : t('field.waiting')}
    </p>
  );
}
