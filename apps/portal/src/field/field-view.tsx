'use client';
import type { DeadLetter, Gateway, Me, QuarantinedGateway, ReadingConflict } from '@wattproof/contracts/api';
import { formatNumber, type PortalTranslator } from '@wattproof/messages';
import Link from 'next/link';
import { useMemo, useState } from 'react';
import { Section, Verdict } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Age } from '../live/age.tsx';
import { State } from '../state/state.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { Conflicts } from './conflicts.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { EnrolDialog } from './enrol-dialog.tsx';
import styles from './field.module.css';
import { GatewayMark } from './gateway-mark.tsx';
import { gatewayState, isLineDown, lastHeardAt } from './gateway-state.ts';
import { usePolled } from './polled.ts';
import { Quarantine } from './quarantine.tsx';

export interface FieldProps {
  readonly initial: { readonly gateways: readonly Gateway[] };
  readonly deadLetters: {
    readonly deadLetters: readonly DeadLetter[];
    readonly open: number;
    readonly next: string | null;
  };
  readonly quarantine: readonly QuarantinedGateway[];
  readonly conflicts: { readonly conflicts: readonly ReadingConflict[]; readonly open: number };
  readonly sites: Me['sites'];
  /** Only this site, where one is chosen. */
  readonly siteId: string | null;
  readonly organisationName: string;
  readonly mayWrite: boolean;
  readonly now: string;
}

/** Is the data coming, and is it right: gateways with their lines and devices, and what could not be stored. */
export function FieldView({
  initial,
  deadLetters,
  quarantine,
  conflicts,
  sites,
  siteId,
  organisationName,
  mayWrite,
  now,
}: FieldProps) {
  const t = useTranslator();
  const { value, refresh } = usePolled('/gateways', initial);
  const [isEnrolling, setEnrolling] = useState(false);
  const gateways = useMemo(
    () => value.gateways.filter((g) => siteId === null || g.siteId === siteId),
    [value, siteId],
  );
  const active = gateways.filter((g) => g.revokedAt === null);
  const silent = active.filter((g) => gatewayState(g) !== 'online');
  const meters = active.flatMap((g) => g.meters);
  const timeZoneOf = (g: Gateway): string => sites.find((s) => s.id === g.siteId)?.timeZone ?? 'UTC';
  const zoneOfGateway = (gatewayId: string | null): string => {
    const gateway = value.gateways.find((g) => g.id === gatewayId);
    return gateway ? timeZoneOf(gateway) : (sites[0]?.timeZone ?? 'UTC');
  };
  const ofSite = <T extends { readonly siteId: string }>(list: readonly T[]): T[] =>
    list.filter((item) => siteId === null || item.siteId === siteId);
  const held = ofSite(quarantine);
  const contradicted = ofSite(conflicts.conflicts);
  const enrol = mayWrite && (
    <Button kind="primary" onClick={() => setEnrolling(true)}>
      {t('field.enrol')}
    </Button>
  );
  return (
    <>
      <Verdict
        title={
          silent.length === 0
            ? t('field.titleAll', { count: active.length })
            : t('field.titleSilent', { silent: silent.length, count: active.length })
        }
        aside={enrol}
      >
        {active.length > 0 &&
          t('field.lead', {
            meters: meters.length,
            lines: active.flatMap((g) => g.lines).length,
            silent: meters.filter((m) => m.stale).length,
          })}
      </Verdict>
      <div className={styles.sections}>
        <Section title={t('field.gateways')} basis={t('field.gatewaysBasis')}>
          <DataTable
            id="gateways"
            name={t('field.gateways')}
            columns={gatewayColumns(t, now, timeZoneOf)}
            rows={gateways}
            rowKey={(g) => g.id}
            rowState={(g) => (g.revokedAt ? 'muted' : undefined)}
            withTools={gateways.length > 6}
            empty={
              <State title={t('field.none')} level={3} action={enrol}>
                <p>
                  {mayWrite ? t('field.noneText') : t('field.noneAsk', { organisation: organisationName })}
                </p>
              </State>
            }
          />
        </Section>
        {held.length > 0 && <Quarantine gateways={held} timeZoneOf={zoneOfGateway} mayWrite={mayWrite} />}
        {contradicted.length > 0 && (
          <Conflicts
            conflicts={contradicted}
            open={siteId === null ? conflicts.open : contradicted.length}
            timeZoneOf={(id) => sites.find((s) => s.id === id)?.timeZone ?? 'UTC'}
            mayWrite={mayWrite}
          />
        )}
        <DeadLetters
          initial={deadLetters}
          gateways={value.gateways}
          siteId={siteId}
          timeZoneOf={zoneOfGateway}
          mayWrite={mayWrite}
        />
      </div>
      {isEnrolling && (
        <EnrolDialog
          sites={sites}
          initialSiteId={siteId}
          onEnrolled={() => void refresh()}
          onClose={() => setEnrolling(false)}
        />
      )}
    </>
  );
}

function gatewayColumns(
  t: PortalTranslator,
  now: string,
  timeZoneOf: (gateway: Gateway) => string,
): Column<Gateway>[] {
  const share = (count: number, all: number): string =>
    t('field.ofAll', { count: formatNumber(t.locale, count), all: formatNumber(t.locale, all) });
  const linesUp = (g: Gateway): number => g.lines.filter((l) => !isLineDown(l)).length;
  const metersFresh = (g: Gateway): number => g.meters.filter((m) => !m.stale).length;
  const counted = (count: number, all: number) =>
    all === 0 ? (
      <span className={styles.quiet}>—</span>
    ) : (
      <span className={count < all ? styles.warn : undefined}>{share(count, all)}</span>
    );
  const clock = (g: Gateway): string =>
    t(
      g.clockSynchronised === null
        ? 'field.unknown'
        : g.clockSynchronised
          ? 'field.clockGood'
          : 'field.clockBad',
    );
  return [
    {
      id: 'name',
      head: t('field.name'),
      phone: 'title',
      cell: (g) => (
        <span className={styles.name}>
          <Link href={`/field/${encodeURIComponent(g.id)}`}>{g.name}</Link>
          <small className={styles.code}>
            {t(`field.kind.${g.kind}`)}, {g.id}
          </small>
        </span>
      ),
      sort: (g) => g.name,
      text: (g) => `${g.name} ${g.id}`,
    },
    {
      id: 'site',
      head: t('field.site'),
      cell: (g) => g.siteName,
      sort: (g) => g.siteName,
      text: (g) => g.siteName,
    },
    {
      id: 'state',
      head: t('field.state'),
      cell: (g) => <GatewayMark gateway={g} t={t} />,
      sort: (g) => gatewayState(g),
      text: (g) => t(`field.state.${gatewayState(g)}`),
    },
    {
      id: 'heard',
      head: t('field.lastMessage'),
      cell: (g) => {
        const at = lastHeardAt(g);
        return at === null ? (
          <span className={styles.quiet}>{t('field.never')}</span>
        ) : (
          <Age
            at={at}
            now={now}
            isStale={gatewayState(g) !== 'online'}
            timeZone={timeZoneOf(g)}
            withTime={false}
          />
        );
      },
      sort: (g) => lastHeardAt(g),
      text: (g) => lastHeardAt(g) ?? '',
    },
    {
      id: 'lines',
      head: t('field.linesHead'),
      align: 'right',
      proof: { without: 'count' },
      cell: (g) => counted(linesUp(g), g.lines.length),
      sort: (g) => g.lines.length - linesUp(g),
      text: (g) => share(linesUp(g), g.lines.length),
    },
    {
      id: 'devices',
      head: t('field.devicesHead'),
      align: 'right',
      proof: { without: 'count' },
      cell: (g) => counted(metersFresh(g), g.meters.length),
      sort: (g) => g.meters.length - metersFresh(g),
      text: (g) => share(metersFresh(g), g.meters.length),
    },
    {
      id: 'clock',
      head: t('field.clock'),
      phone: 'hidden',
      cell: (g) => (
        <span
          className={
            g.clockSynchronised === false
              ? styles.warn
              : g.clockSynchronised === null
                ? styles.quiet
                : undefined
          }
        >
          {clock(g)}
        </span>
      ),
      sort: clock,
      text: clock,
    },
    {
      id: 'outbox',
      head: t('field.outbox'),
      align: 'right',
      proof: { without: 'count' },
      phone: 'hidden',
      cell: (g) =>
        g.outboxBatches === null ? (
          <span className={styles.quiet}>{t('field.unknown')}</span>
        ) : (
          t('field.batches', { count: g.outboxBatches })
        ),
      sort: (g) => g.outboxBatches,
      text: (g) => (g.outboxBatches === null ? '' : String(g.outboxBatches)),
    },
  ];
}
