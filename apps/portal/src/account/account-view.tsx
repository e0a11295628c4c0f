'use client';
import type { EnergyAccount } from '@wattproof/contracts/api';
import { formatLocalDate, formatNumber, type PortalTranslator } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Section, Verdict } from '../figure/section.tsx';
import { CarrierTag } from '../figure/tag.tsx';
import { Button } from '../form/button.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { addDays } from '../shell/period.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './account.module.css';
import { type HandedOver, HandOverDialog } from './hand-over-dialog.tsx';
import { ImportRowsDialog } from './import-rows-dialog.tsx';
import { PointDialog } from './point-dialog.tsx';
import { RowDialog } from './row-dialog.tsx';

type Point = EnergyAccount['deliveryPoints'][number];
type Row = EnergyAccount['accountRows'][number];
type Site = EnergyAccount['sites'][number];

/** Whose energy it is: delivery points, sites and rows that no bill states, each with its days and its source. */
export function AccountView({
  account,
  mayWriteRows,
  mayWritePoints,
}: {
  readonly account: EnergyAccount;
  readonly mayWriteRows: boolean;
  readonly mayWritePoints: boolean;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const [entityId, setEntityId] = useState('');
  const [open, setOpen] = useState<'row' | 'rows' | 'point' | HandedOver | null>(null);
  const isShown = (owner: string): boolean => entityId === '' || owner === entityId;
  const points = account.deliveryPoints.filter((p) => isShown(p.legalEntityId));
  const rows = account.accountRows.filter((r) => isShown(r.legalEntityId));
  const entityName = (id: string | null): string =>
    account.legalEntities.find((e) => e.id === id)?.name ?? '–';
  const siteName = (id: string | null): string =>
    account.sites.find((s) => s.id === id)?.name ?? t('account.noSite');
  const remove = async (row: Row): Promise<void> => {
    const answer = await send(`/account-rows/${row.id}`, { method: 'DELETE' });
    if (answer.ok) router.refresh();
  };
  const action = (label: string, name: string, act: () => void) => (
    <Button kind="words" disabled={isBusy} aria-label={name} onClick={act}>
      {label}
    </Button>
  );
  const pointColumns: Column<Point>[] = [
    {
      id: 'point',
      head: t('account.name'),
      phone: 'title',
      cell: (p) => (
        <span className={styles.two}>
          <span className={styles.withTag}>
            <CarrierTag carrier={p.carrier} name={t(`carrier.${p.carrier}`)} />
            {p.name}
          </span>
          <small>{p.code}</small>
        </span>
      ),
      sort: (p) => p.name,
      text: (p) => `${p.name} ${p.code}`,
    },
    {
      id: 'entity',
      head: t('account.entity'),
      cell: (p) => p.legalEntityName,
      sort: (p) => p.legalEntityName,
      text: (p) => p.legalEntityName,
    },
    {
      id: 'site',
      head: t('account.site'),
      cell: (p) => p.siteName ?? t('account.noSite'),
      sort: (p) => p.siteName,
      text: (p) => p.siteName ?? '',
    },
    {
      id: 'validity',
      head: t('account.validity'),
      cell: (p) => validityText(p.validFrom, p.validTo, t),
      sort: (p) => p.validFrom,
      text: (p) => `${p.validFrom} ${p.validTo ?? ''}`,
    },
    ...(mayWritePoints
      ? [
          {
            id: 'act',
            head: t('table.actions'),
            isHeadHidden: true,
            align: 'right' as const,
            cell: (p: Point) =>
              p.validTo === null
                ? action(t('account.handOver'), t('account.handOverPoint', { name: p.name }), () =>
                    setOpen({ kind: 'point', id: p.id, name: p.name, legalEntityId: p.legalEntityId }),
                  )
                : null,
          },
        ]
      : []),
  ];
  const siteColumns: Column<Site>[] = [
    {
      id: 'site',
      head: t('account.site'),
      phone: 'title',
      cell: (s) => s.name,
      sort: (s) => s.name,
      text: (s) => s.name,
    },
    {
      id: 'owner',
      head: t('account.owner'),
      cell: (s) => entityName(s.legalEntityId),
      text: (s) => entityName(s.legalEntityId),
    },
    {
      id: 'before',
      head: t('account.before'),
      cell: (s) => beforeText(s),
      text: (s) => beforeText(s),
    },
    ...(mayWriteRows && mayWritePoints
      ? [
          {
            id: 'act',
            head: t('table.actions'),
            isHeadHidden: true,
            align: 'right' as const,
            cell: (s: Site) =>
              action(t('account.handOver'), t('account.handOverSite', { name: s.name }), () =>
                setOpen({ kind: 'site', id: s.id, name: s.name, legalEntityId: s.legalEntityId }),
              ),
          },
        ]
      : []),
  ];
  const beforeText = (site: Site): string =>
    account.siteHandOvers
      .filter((h) => h.siteId === site.id)
      .map((h) =>
        t('account.beforeText', {
          name: entityName(h.fromEntityId),
          date: formatLocalDate(t.locale, addDays(h.on, -1), 'date'),
        }),
      )
      .join(', ') || '–';
  const byText = (r: Row): string => {
    if (r.energy_kwh !== null) return `${formatNumber(t.locale, r.energy_kwh, { decimals: 0 })}\u00a0kWh`;
    const meter = account.meters.find((m) => m.id === r.meterId);
    return meter ? `${t('account.meter')}: ${meter.name}` : t('account.byMeter');
  };
  const rowColumns: Column<Row>[] = [
    {
      id: 'kind',
      head: t('account.kind'),
      phone: 'title',
      cell: (r) => (
        <span className={styles.two}>
          <span className={styles.withTag}>
            <CarrierTag carrier={r.carrier} name={t(`carrier.${r.carrier}`)} />
            {t(`accountKind.${r.kind}`)}
          </span>
          {r.counterpartEntityId && (
            <small>
              {t('account.counterpart')} {entityName(r.counterpartEntityId)}
            </small>
          )}
        </span>
      ),
      sort: (r) => r.kind,
      text: (r) => t(`accountKind.${r.kind}`),
    },
    {
      id: 'entity',
      head: t('account.entity'),
      cell: (r) => entityName(r.legalEntityId),
      sort: (r) => entityName(r.legalEntityId),
      text: (r) => entityName(r.legalEntityId),
    },
    { id: 'site', head: t('account.site'), cell: (r) => siteName(r.siteId), text: (r) => siteName(r.siteId) },
    { id: 'by', head: t('account.by'), cell: byText, text: byText },
    {
      id: 'validity',
      head: t('account.validity'),
      cell: (r) => validityText(r.validFrom, r.validTo, t),
      text: (r) => `${r.validFrom ?? ''} ${r.validTo ?? ''}`,
    },
    {
      id: 'source',
      head: t('account.source'),
      cell: (r) => (
        <span className={styles.two}>
          <span>{r.source}</span>
          <small>{r.reason}</small>
        </span>
      ),
      text: (r) => `${r.source}; ${r.reason}`,
    },
    ...(mayWriteRows
      ? [
          {
            id: 'act',
            head: t('table.actions'),
            isHeadHidden: true,
            align: 'right' as const,
            cell: (r: Row) =>
              action(t('account.remove'), t('account.removeRow', { source: r.source }), () => void remove(r)),
          },
        ]
      : []),
  ];
  const close = (): void => setOpen(null);
  return (
    <>
      <Verdict title={t('account.title', { points: points.length, rows: rows.length })}>
        {t('account.lead')}
      </Verdict>
      <div className={styles.sections}>
        <div className={styles.choice}>
          <Field label={t('account.entity')}>
            {(control) => (
              <select {...control} value={entityId} onChange={(e) => setEntityId(e.target.value)}>
                <option value="">{t('account.all')}</option>
                {account.legalEntities.map((e) => (
                  <option key={e.id} value={e.id}>
                    {e.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        {error && <FormError>{error}</FormError>}
        <Section title={t('account.points')} basis={t('account.pointsBasis')}>
          {mayWritePoints && (
            <div className={styles.buttons}>
              <Button onClick={() => setOpen('point')}>{t('account.addPoint')}</Button>
            </div>
          )}
          <DataTable
            id="delivery-points"
            name={t('account.points')}
            columns={pointColumns}
            rows={points}
            rowKey={(p) => p.id}
            empty={t('account.pointsNone')}
          />
        </Section>
        <Section title={t('account.rows')} basis={t('account.rowsBasis')} proof={{ without: 'stated' }}>
          {mayWriteRows && (
            <div className={styles.buttons}>
              <Button onClick={() => setOpen('row')}>{t('account.addRow')}</Button>
              <Button onClick={() => setOpen('rows')}>{t('account.importRows')}</Button>
            </div>
          )}
          <DataTable
            id="account-rows"
            name={t('account.rows')}
            columns={rowColumns}
            rows={rows}
            rowKey={(r) => r.id}
            withTools={false}
            empty={t('account.rowsNone')}
          />
        </Section>
        <Section title={t('account.sites')}>
          <DataTable
            id="site-owners"
            name={t('account.sites')}
            columns={siteColumns}
            rows={account.sites.filter((s) => isShown(s.legalEntityId))}
            rowKey={(s) => s.id}
            withTools={false}
          />
        </Section>
      </div>
      {open === 'point' && <PointDialog account={account} entityId={entityId} onClose={close} />}
      {open === 'row' && <RowDialog account={account} entityId={entityId} onClose={close} />}
      {open === 'rows' && <ImportRowsDialog onClose={close} />}
      {open !== null && typeof open === 'object' && (
        <HandOverDialog handedOver={open} legalEntities={account.legalEntities} onClose={close} />
      )}
    </>
  );
}

/** [from, to) as people say it: to is the day after the last one. */
function validityText(from: string | null, to: string | null, t: PortalTranslator): string {
  const date = (text: string): string => formatLocalDate(t.locale, text, 'date');
  if (from === null && to === null) return t('account.always');
  if (to === null) return t('account.from', { from: from === null ? '–' : date(from) });
  return t('account.fromTo', { from: from === null ? '–' : date(from), to: date(addDays(to, -1)) });
}
