'use client';
import type { DecideQuarantine, QuarantinedGateway } from '@wattproof/contracts/api';
import { formatDuration, formatInstant, formatNumber, type PortalTranslator } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { parseNumber } from '../form/parse-number.ts';
import { ReasonField } from '../form/reason-field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './field.module.css';

const signedDuration = (t: PortalTranslator, length_s: number): string =>
  `${length_s < 0 ? '\u2212' : '+'}${formatDuration(t.locale, Math.abs(length_s))}`;

/** Readings whose gateway had an impossible clock: held back until a person says by how much, or that they go. */
export function Quarantine({
  gateways,
  timeZoneOf,
  mayWrite,
}: {
  readonly gateways: readonly QuarantinedGateway[];
  readonly timeZoneOf: (gatewayId: string | null) => string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const router = useRouter();
  const [deciding, setDeciding] = useState<QuarantinedGateway | null>(null);
  const span = (g: QuarantinedGateway, from: string | null, to: string | null): string =>
    from === null || to === null
      ? t('field.beyondCalendar')
      : t('period.span', {
          from: formatInstant(t.locale, timeZoneOf(g.gatewayId), from, 'dateTime'),
          to: formatInstant(t.locale, timeZoneOf(g.gatewayId), to, 'dateTime'),
        });
  const columns: Column<QuarantinedGateway>[] = [
    {
      id: 'gateway',
      head: t('field.deadGateway'),
      phone: 'title',
      cell: (g) => g.gatewayName,
      sort: (g) => g.gatewayName,
      text: (g) => g.gatewayName,
    },
    {
      id: 'readings',
      head: t('field.heldReadings'),
      align: 'right',
      proof: { without: 'count' },
      cell: (g) => formatNumber(t.locale, g.readings),
      sort: (g) => g.readings,
      text: (g) => String(g.readings),
    },
    {
      id: 'says',
      head: t('field.clockSays'),
      cell: (g) => span(g, g.firstAt, g.lastAt),
      text: (g) => span(g, g.firstAt, g.lastAt),
    },
    {
      id: 'arrived',
      head: t('field.arrivedAt'),
      cell: (g) => span(g, g.firstReceivedAt, g.lastReceivedAt),
      text: (g) => span(g, g.firstReceivedAt, g.lastReceivedAt),
    },
    {
      id: 'correction',
      head: t('field.suggested'),
      align: 'right',
      proof: { without: 'operation' },
      cell: (g) => signedDuration(t, g.suggestedCorrection_s),
      sort: (g) => g.suggestedCorrection_s,
      text: (g) => String(g.suggestedCorrection_s),
    },
    ...(mayWrite
      ? [
          {
            id: 'act',
            head: t('table.actions'),
            isHeadHidden: true,
            align: 'right' as const,
            proof: 'inCell' as const,
            cell: (g: QuarantinedGateway) => (
              <Button kind="words" onClick={() => setDeciding(g)}>
                {t('field.decide')}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <Section title={t('field.quarantine')} basis={t('field.quarantineBasis')}>
      <DataTable
        id="quarantine"
        name={t('field.quarantine')}
        columns={columns}
        rows={gateways}
        rowKey={(g) => g.gatewayId}
        withTools={false}
      />
      {deciding && (
        <DecisionDialog
          gateway={deciding}
          timeZone={timeZoneOf(deciding.gatewayId)}
          onDecided={() => {
            setDeciding(null);
            router.refresh();
          }}
          onClose={() => setDeciding(null)}
        />
      )}
    </Section>
  );
}

function DecisionDialog({
  gateway,
  timeZone,
  onDecided,
  onClose,
}: {
  readonly gateway: QuarantinedGateway;
  readonly timeZone: string;
  readonly onDecided: () => void;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const { isBusy, error, send } = useSubmit();
  const [decision, setDecision] = useState<'take' | 'discard'>('take');
  const [correction, setCorrection] = useState(String(gateway.suggestedCorrection_s));
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const typed = parseNumber(correction);
  const correction_s = typed !== null && Number.isInteger(typed) && Math.abs(typed) < 1e10 ? typed : null;
  const moved = (at: string): string =>
    formatInstant(t.locale, timeZone, Date.parse(at) + (correction_s ?? 0) * 1000, 'dateTime');
  const isComplete = reason.trim() !== '' && (decision === 'discard' || correction_s !== null);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (!isComplete) return;
    const common = { upTo: gateway.lastLetterId, reason: reason.trim() };
    const wish: DecideQuarantine =
      decision === 'take' && correction_s !== null
        ? { decision, correction_s, ...common }
        : { decision: 'discard', ...common };
    const answer = await send(`/gateways/${encodeURIComponent(gateway.gatewayId)}/quarantine`, {
      method: 'POST',
      json: wish,
    });
    if (answer.ok) onDecided();
  };
  return (
    <Dialog title={t('field.decideTitle', { name: gateway.gatewayName })} onClose={onClose} isWide>
      <form onSubmit={submit} noValidate>
        <p>{t('field.decideText', { readings: gateway.readings, messages: gateway.messages })}</p>
        <fieldset className={styles.choices}>
          <legend className="visually-hidden">{t('field.decide')}</legend>
          {(['take', 'discard'] as const).map((d) => (
            <label key={d}>
              <input type="radio" name="decision" checked={decision === d} onChange={() => setDecision(d)} />
              {t(`field.decision.${d}`)}
            </label>
          ))}
        </fieldset>
        {decision === 'take' && (
          <Field
            label={t('field.correction')}
            unit="s"
            help={
              correction_s !== null && gateway.firstAt && gateway.lastAt
                ? t('field.movedTo', { from: moved(gateway.firstAt), to: moved(gateway.lastAt) })
                : undefined
            }
            error={correction_s === null ? t('form.number', { example: '3600' }) : null}
          >
            {(control) => (
              <input
                {...control}
                inputMode="numeric"
                value={correction}
                onChange={(event) => setCorrection(event.target.value)}
              />
            )}
          </Field>
        )}
        <ReasonField
          reason={reason}
          help={t('field.reasonHelp')}
          isMissing={isTried && reason.trim() === ''}
          onChange={setReason}
        />
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button kind={decision === 'take' ? 'primary' : 'destructive'} type="submit" disabled={isBusy}>
            {t(`field.decideNow.${decision}`)}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
