'use client';
import type { Gateway, GatewayGaps, LineForecastView } from '@wattproof/contracts/api';
import {
  formatInstant,
  formatNumber,
  formatPercent,
  type PortalTranslator,
  quantityText,
} from '@wattproof/messages';
import Link from 'next/link';
import { useState } from 'react';
import { request } from '../api/client.ts';
import { Budget } from '../configuration/budget.tsx';
import { Section, Verdict } from '../figure/section.tsx';
import { Trust } from '../figure/trust.tsx';
import { Button } from '../form/button.tsx';
import { CopyText } from '../form/copy-text.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { FormError } from '../form/field.tsx';
import { problemText } from '../form/problem.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { Age } from '../live/age.tsx';
import { sitePath } from '../shell/place.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './field.module.css';
import { gatewayState, isLineDown, lastHeardAt } from './gateway-state.ts';
import { usePolled } from './polled.ts';
import { Sequences } from './sequences.tsx';

type Line = Gateway['lines'][number];
type Device = Gateway['meters'][number];

/** One gateway: its lines, its devices with the trust of their profiles, how it connects. */
export function GatewayView({
  gatewayId,
  initial,
  gaps,
  forecasts,
  timeZone,
  now,
  mayWrite,
}: {
  readonly gatewayId: string;
  readonly initial: { readonly gateways: readonly Gateway[] };
  readonly gaps: GatewayGaps;
  /** What the configuration in force costs its lines. */
  readonly forecasts: readonly LineForecastView[];
  readonly timeZone: string;
  readonly now: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const { value, refresh } = usePolled('/gateways', initial);
  const [isRevoking, setRevoking] = useState(false);
  const gateway = value.gateways.find((g) => g.id === gatewayId);
  if (!gateway) return null;
  const state = gatewayState(gateway);
  const heardAt = lastHeardAt(gateway);
  return (
    <>
      <Verdict
        title={t(`field.gatewayTitle.${state}`, { name: gateway.name })}
        aside={heardAt && <Age at={heardAt} now={now} isStale={state !== 'online'} timeZone={timeZone} />}
      >
        {t('field.gatewayLead', {
          site: gateway.siteName,
          kind: t(`field.kind.${gateway.kind}`),
          date: gateway.enrolledAt ? formatInstant(t.locale, timeZone, gateway.enrolledAt, 'date') : '—',
        })}{' '}
        {gateway.kind === 'edge' && (
          <>
            <Link href={`/field/${encodeURIComponent(gateway.id)}/configuration`}>
              {t('configuration.nav')}
            </Link>
            {' · '}
            <Link href={`/field/${encodeURIComponent(gateway.id)}/registers`}>{t('register.nav')}</Link>
            {' · '}
          </>
        )}
        <Link href="/field">{t('field.back')}</Link>
      </Verdict>
      <div className={styles.sections}>
        {(gateway.lines.length > 0 || gateway.kind === 'edge') && (
          <Section proof={{ without: 'operation' }} title={t('field.lines')} basis={t('field.linesBasis')}>
            <DataTable
              id="lines"
              name={t('field.lines')}
              columns={lineColumns(t, now, timeZone)}
              rows={gateway.lines}
              rowKey={(l) => l.id}
              withTools={false}
              empty={t('field.linesNone')}
            />
          </Section>
        )}
        {forecasts.length > 0 && (
          <Section
            proof={{ without: 'operation' }}
            title={t('configuration.budget')}
            basis={t('configuration.budgetBasis')}
          >
            <Budget
              lines={gateway.lines.map(({ key, name, busyShare }) => ({
                key,
                name,
                busyShare,
                forecast: forecasts.find((f) => f.line === key),
              }))}
            />
          </Section>
        )}
        <Section proof={{ without: 'operation' }} title={t('field.devices')} basis={t('field.devicesBasis')}>
          <DataTable
            id="devices"
            name={t('field.devices')}
            columns={deviceColumns(t, gateway, now, timeZone)}
            rows={gateway.meters}
            rowKey={(m) => `${m.meterId} ${m.key}`}
            withTools={gateway.meters.length > 6}
            empty={t('field.devicesNone')}
          />
        </Section>
        {gateway.kind === 'edge' && <Sequences gaps={gaps} timeZone={timeZone} now={now} />}
        <Section title={t('field.connection')} basis={t('field.connectionBasis')}>
          <CopyText label={t('field.username')} text={gateway.id} />
          <CopyText label={t('field.topic')} text={gateway.topic} />
          {mayWrite && gateway.revokedAt === null && (
            <DialogButtons>
              <Button kind="destructive" onClick={() => setRevoking(true)}>
                {t('field.revoke')}
              </Button>
            </DialogButtons>
          )}
        </Section>
      </div>
      {isRevoking && (
        <RevokeDialog
          gateway={gateway}
          onRevoked={() => {
            setRevoking(false);
            void refresh();
          }}
          onClose={() => setRevoking(false)}
        />
      )}
    </>
  );
}

function RevokeDialog({
  gateway,
  onRevoked,
  onClose,
}: {
  readonly gateway: Gateway;
  readonly onRevoked: () => void;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const revoke = async (): Promise<void> => {
    setBusy(true);
    const answer = await request(`/gateways/${encodeURIComponent(gateway.id)}/revoke`, { method: 'POST' });
    setBusy(false);
    if (answer.ok) onRevoked();
    else setError(problemText(t, answer.problem));
  };
  return (
    <Dialog title={t('field.revokeTitle', { name: gateway.name })} onClose={onClose}>
      <p>{t('field.revokeText')}</p>
      {error && <FormError>{error}</FormError>}
      <DialogButtons>
        <Button kind="destructive" disabled={isBusy} onClick={() => void revoke()}>
          {isBusy ? t('field.revoking') : t('field.revokeNow', { name: gateway.name })}
        </Button>
        <Button onClick={onClose}>{t('form.cancel')}</Button>
      </DialogButtons>
    </Dialog>
  );
}

/** A line without an exchange for this long is silent, whatever it was said to be. */
const silentAfter_ms = 300_000;

const knownTransports = new Set(['tcp', 'rtu', 'ascii', 'rtuOverTcp']);
const knownStates = new Set(['running', 'reconnecting', 'down']);
const knownQualities = new Set([
  'good',
  'stale',
  'timeout',
  'exception',
  'outOfRange',
  'notAvailable',
  'wiringSuspect',
  'counterReset',
]);

/** What a line is set to, as it is configured: host and port, or the serial parameters. */
function settingsText(t: PortalTranslator, { settings }: Line): string {
  const { host, port, path, baud, parity, stopBits } = settings;
  if (host !== undefined) return `${host}:${port}`;
  if (path === undefined) return '';
  const parityKey = `calc.line.parity.${parity}`;
  const characters = [
    formatNumber(t.locale, Number(baud)),
    t.has(parityKey) ? t(parityKey) : parity,
    stopBits,
  ];
  return `${path}, ${characters.join(' ')}`;
}

function lineColumns(t: PortalTranslator, now: string, timeZone: string): Column<Line>[] {
  const transport = (l: Line): string =>
    knownTransports.has(l.transport)
      ? t(`field.transport.${l.transport}` as 'field.transport.tcp')
      : l.transport;
  const state = (l: Line): string =>
    l.state === null
      ? t('field.unknown')
      : knownStates.has(l.state)
        ? t(`field.lineState.${l.state}` as 'field.lineState.down')
        : l.state;
  const number = (n: number | null): string => (n === null ? '—' : formatNumber(t.locale, n));
  return [
    {
      id: 'line',
      head: t('field.line'),
      phone: 'title',
      cell: (l) => l.name,
      sort: (l) => l.name,
      text: (l) => l.name,
    },
    { id: 'transport', head: t('field.transport'), cell: transport, sort: transport, text: transport },
    {
      id: 'settings',
      head: t('field.settings'),
      phone: 'hidden',
      cell: (l) => <span className={`${styles.quiet} ${styles.code}`}>{settingsText(t, l)}</span>,
      text: (l) => settingsText(t, l),
    },
    {
      id: 'state',
      head: t('field.state'),
      cell: (l) => (
        <span className={isLineDown(l) ? styles.warn : l.state === null ? styles.quiet : undefined}>
          {state(l)}
        </span>
      ),
      sort: state,
      text: state,
    },
    {
      id: 'exchange',
      head: t('field.lastExchange'),
      cell: (l) =>
        l.lastExchangeAt === null ? (
          <span className={styles.quiet}>{t('field.never')}</span>
        ) : (
          <Age
            at={l.lastExchangeAt}
            now={now}
            isStale={isLineDown(l) || Date.parse(now) - Date.parse(l.lastExchangeAt) > silentAfter_ms}
            timeZone={timeZone}
            withTime={false}
          />
        ),
      sort: (l) => l.lastExchangeAt,
      text: (l) => l.lastExchangeAt ?? '',
    },
    {
      id: 'requests',
      head: t('field.requests'),
      align: 'right',
      proof: { without: 'count' },
      cell: (l) => number(l.requests),
      sort: (l) => l.requests,
      text: (l) => number(l.requests),
    },
    {
      id: 'timeouts',
      head: t('field.timeouts'),
      align: 'right',
      proof: { without: 'count' },
      cell: (l) => <span className={l.timeouts ? styles.warn : undefined}>{number(l.timeouts)}</span>,
      sort: (l) => l.timeouts,
      text: (l) => number(l.timeouts),
    },
    {
      id: 'busy',
      head: t('field.busy'),
      align: 'right',
      proof: { without: 'operation' },
      cell: (l) =>
        l.busyShare === null ? '—' : quantityText(formatPercent(t.locale, l.busyShare, { decimals: 0 })),
      sort: (l) => l.busyShare,
      text: (l) => (l.busyShare === null ? '' : quantityText(formatPercent(t.locale, l.busyShare))),
    },
  ];
}

/** What came of a device's own memory after outages; nothing where it has none or it was not needed. */
function memoryText(t: PortalTranslator, { memory }: Device): string {
  if (!memory) return '';
  if (memory.fault) return t(`field.memory.${memory.fault}`);
  if (memory.pending) return t('field.memory.pending');
  return memory.fetched > 0 ? t('field.memory.fetched', { count: memory.fetched }) : '';
}

function deviceColumns(
  t: PortalTranslator,
  gateway: Gateway,
  now: string,
  timeZone: string,
): Column<Device>[] {
  const lineName = (m: Device): string => gateway.lines.find((l) => l.key === m.lineKey)?.name ?? '';
  const quality = (m: Device): string =>
    m.quality === null
      ? '—'
      : knownQualities.has(m.quality)
        ? t(`readingQuality.${m.quality}` as 'readingQuality.good')
        : m.quality;
  const hasLines = gateway.lines.length > 0;
  return [
    {
      id: 'device',
      head: t('field.device'),
      phone: 'title',
      cell: (m) => (
        <span className={styles.name}>
          <Link href={sitePath(gateway.siteId, `/meters/${m.meterId}`)}>{m.name}</Link>
          <small className={styles.code}>{m.key}</small>
        </span>
      ),
      sort: (m) => m.name,
      text: (m) => `${m.name} ${m.key}`,
    },
    ...(hasLines
      ? [
          {
            id: 'line',
            head: t('field.line'),
            cell: lineName,
            sort: lineName,
            text: lineName,
          },
          {
            id: 'address',
            head: t('field.address'),
            cell: (m: Device) => <span className={styles.code}>{m.unitAddress ?? '—'}</span>,
            sort: (m: Device) => m.unitAddress,
            text: (m: Device) => String(m.unitAddress ?? ''),
          },
        ]
      : []),
    {
      id: 'profile',
      head: t('field.profile'),
      cell: (m) => m.profileName ?? m.profileId ?? '—',
      sort: (m) => m.profileName,
      text: (m) => m.profileName ?? m.profileId ?? '',
    },
    {
      id: 'trust',
      head: t('field.trust'),
      cell: (m) => <Trust rung={m.trust} t={t} />,
      sort: (m) => m.trust,
      text: (m) => m.trust ?? '',
    },
    {
      id: 'quality',
      head: t('field.quality'),
      cell: (m) => (
        <span className={styles.name}>
          <span>{quality(m)}</span>
          {memoryText(t, m) !== '' && (
            <small className={m.memory?.fault ? styles.warn : undefined}>{memoryText(t, m)}</small>
          )}
        </span>
      ),
      sort: quality,
      text: (m) => [quality(m), memoryText(t, m)].filter(Boolean).join(', '),
    },
    {
      id: 'reading',
      head: t('field.lastReading'),
      cell: (m) =>
        m.lastReadingAt === null ? (
          <span className={styles.quiet}>{t('field.never')}</span>
        ) : (
          <Age at={m.lastReadingAt} now={now} isStale={m.stale} timeZone={timeZone} withTime={false} />
        ),
      sort: (m) => m.lastReadingAt,
      text: (m) => m.lastReadingAt ?? '',
    },
  ];
}
