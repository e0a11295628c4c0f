'use client';
import { colorOfCarrier, cumulativeSpans } from '@wattproof/charts';
import type { AuditDetail } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { formatMoney, formatQuantity, quantityText } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Section } from '../figure/section.tsx';
import { CarrierTag } from '../figure/tag.tsx';
import { Button } from '../form/button.tsx';
import { Dialog } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './audit.module.css';
import { isPartlyAudited, percent, periodOf } from './audit-text.ts';
import { kwh } from './audit-view.tsx';

type Row = AuditDetail['rows'][number] & {
  readonly from: number;
  readonly to: number;
};

const idOf = (r: AuditDetail['rows'][number]): string => r.deliveryPointId ?? r.accountRowId ?? r.name;

/** The energy account, largest first, with the cumulative share drawn in its rows. */
export function AccountTable({
  audit,
  mayWrite,
}: {
  readonly audit: AuditDetail;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const router = useRouter();
  const [leaving, setLeaving] = useState<Row | null>(null);
  const taking = useSubmit();
  const sorted = [...audit.rows].sort(
    (a, b) => Number(b.included) - Number(a.included) || kwh(b.energy_kwh) - kwh(a.energy_kwh),
  );
  const total = sorted.reduce((sum, r) => sum + kwh(r.energy_kwh), 0);
  const spans = cumulativeSpans(
    sorted.map((r) => ({ share: total > 0 ? kwh(r.energy_kwh) / total : 0, included: r.included })),
  );
  const rows: Row[] = sorted.map((r, i) => ({ ...r, from: spans[i]?.from ?? 0, to: spans[i]?.to ?? 0 }));
  const scopeText = (r: AuditDetail['rows'][number]): string => {
    if (r.included) return t('audit.in');
    if (r.bySample) return t('audit.bySample');
    return t(isPartlyAudited(audit, r) ? 'audit.someUses' : 'audit.out');
  };
  const threshold = Number(audit.rule.threshold);
  const takeIn = async (row: Row): Promise<void> => {
    const answer = await taking.send(`/audits/${audit.id}/scope/${row.deliveryPointId}`, {
      method: 'PUT',
      json: { included: true },
    });
    if (answer.ok) router.refresh();
  };
  const nameOfUse = (r: Row): string => (r.energyUse ? t(`use.${r.energyUse}`) : '—');
  const columns: Column<Row>[] = [
    {
      id: 'name',
      head: t('audit.row'),
      phone: 'title',
      cell: (r) =>
        r.kind === 'purchased' ? (
          r.name
        ) : (
          <span className={styles.two}>
            <span>{r.name}</span>
            <small>
              {t(`accountKind.${r.kind}`)}
              {r.counts === 'ignore' && `, ${t('audit.ignored')}`}
            </small>
          </span>
        ),
      sort: (r) => r.name,
      text: (r) => `${r.name}, ${t(`accountKind.${r.kind}`)}`,
    },
    {
      id: 'site',
      head: t('audit.site'),
      cell: (r) => r.siteName ?? '—',
      sort: (r) => r.siteName,
      text: (r) => r.siteName ?? '',
    },
    { id: 'use', head: t('audit.use'), cell: nameOfUse, sort: (r) => r.energyUse, text: nameOfUse },
    {
      id: 'carrier',
      head: t('audit.carrier'),
      cell: (r) => <CarrierTag carrier={r.carrier} name={t(`carrier.${r.carrier}`)} />,
      sort: (r) => r.carrier,
      text: (r) => t(`carrier.${r.carrier}`),
    },
    {
      id: 'energy',
      head: t('audit.energy'),
      align: 'right',
      proof: { member: 'energy_kwh' },
      cell: (r) => quantityText(formatQuantity(t.locale, kwh(r.energy_kwh), 'Wh')),
      sort: (r) => kwh(r.energy_kwh),
      text: (r) => quantityText(formatQuantity(t.locale, kwh(r.energy_kwh), 'Wh')),
    },
    {
      id: 'cost',
      head: t('audit.cost'),
      align: 'right',
      proof: { member: 'amount.amount' },
      cell: (r) => (r.amount ? formatMoney(t.locale, r.amount) : '—'),
      sort: (r) => (r.amount ? Number(r.amount.amount) : null),
      text: (r) => (r.amount ? formatMoney(t.locale, r.amount, { decimals: 2 }) : ''),
    },
    {
      id: 'share',
      head: t('audit.share'),
      align: 'right',
      proof: { member: 'share' },
      cell: (r) => percent(t, r.share),
      sort: (r) => r.share,
      text: (r) => percent(t, r.share),
    },
    {
      id: 'scope',
      head: t('audit.inScope'),
      cell: (r) => (
        <span className={styles.scope} data-in={r.included || undefined}>
          {r.included && <Icon name="check" size={14} />}
          {scopeText(r)}
        </span>
      ),
      sort: (r) => Number(r.included),
      text: scopeText,
    },
    {
      id: 'cumulative',
      head: t('audit.cumulative', { threshold: percent(t, threshold, 0) }),
      width: '26%',
      phone: 'hidden',
      cell: (r) => <CumulativeBar row={r} threshold={threshold} />,
    },
    ...(mayWrite
      ? [
          {
            id: 'action',
            head: t('table.actions'),
            isHeadHidden: true,
            align: 'right' as const,
            proof: 'inCell' as const,
            cell: (r: Row) =>
              r.deliveryPointId === null ? null : (
                <Button
                  kind="words"
                  disabled={taking.isBusy}
                  aria-label={`${t(r.included ? 'audit.leaveOut' : 'audit.takeIn')}: ${r.name}`}
                  onClick={() => (r.included ? setLeaving(r) : void takeIn(r))}
                >
                  {t(r.included ? 'audit.leaveOut' : 'audit.takeIn')}
                </Button>
              ),
          },
        ]
      : []),
  ];
  return (
    <div className={styles.block}>
      <Section proof={{ member: 'rows' }} title={t('audit.rows')} basis={periodOf(audit, t)}>
        {taking.error && <FormError>{taking.error}</FormError>}
        <DataTable
          id="account"
          name={t('audit.rows')}
          columns={columns}
          rows={rows}
          rowMember={(r) =>
            entry('rows', { deliveryPointId: r.deliveryPointId, accountRowId: r.accountRowId })
          }
          rowKey={idOf}
          rowState={(r) => (r.included ? undefined : 'muted')}
        />
      </Section>
      {leaving && (
        <LeaveOutDialog
          auditId={audit.id}
          row={leaving}
          onClose={() => setLeaving(null)}
          onDone={() => {
            setLeaving(null);
            router.refresh();
          }}
        />
      )}
    </div>
  );
}

/** One step of the staircase: filled inside the scope, dashed outside, the threshold as a dashed line. */
function CumulativeBar({ row, threshold }: { readonly row: Row; readonly threshold: number }) {
  const t = useTranslator();
  const color = colorOfCarrier(row.carrier);
  return (
    <span className={styles.step}>
      <svg aria-hidden="true" overflow="visible">
        <line
          x1={`${threshold * 100}%`}
          x2={`${threshold * 100}%`}
          y1="0"
          y2="100%"
          className={styles.stepThreshold}
        />
        <line
          x1={`${row.from * 100}%`}
          x2={`${row.to * 100}%`}
          y1="0"
          y2="100%"
          className={styles.stepLine}
        />
        <svg y="50%" overflow="visible" aria-hidden="true">
          <rect
            x={`${row.from * 100}%`}
            y="-6"
            width={`${Math.max(0.3, (row.to - row.from) * 100)}%`}
            height="12"
            style={
              row.included
                ? { fill: color }
                : { fill: 'var(--sheet)', stroke: color, strokeWidth: 1, strokeDasharray: '3 2' }
            }
          />
        </svg>
      </svg>
      <span className="visually-hidden">{percent(t, row.to)}</span>
    </span>
  );
}

function LeaveOutDialog({
  auditId,
  row,
  onClose,
  onDone,
}: {
  readonly auditId: string;
  readonly row: Row;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const t = useTranslator();
  const { isBusy, error, send } = useSubmit();
  const [reason, setReason] = useState('');
  const [isEmpty, setEmpty] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setEmpty(reason.trim() === '');
    if (reason.trim() === '') return;
    const answer = await send(`/audits/${auditId}/scope/${row.deliveryPointId}`, {
      method: 'PUT',
      json: { included: false, reason },
    });
    if (answer.ok) onDone();
  };
  return (
    <Dialog title={t('audit.leaveOutTitle', { name: row.name })} onClose={onClose}>
      <form onSubmit={submit} className={styles.form}>
        <Field
          label={t('audit.reason')}
          help={t('audit.reasonHelp')}
          error={isEmpty ? t('form.required') : null}
        >
          {(control) => (
            <textarea
              {...control}
              value={reason}
              maxLength={500}
              onChange={(e) => setReason(e.target.value)}
            />
          )}
        </Field>
        {error && <FormError>{error}</FormError>}
        <div className={styles.buttons}>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {t('audit.leaveOut')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
