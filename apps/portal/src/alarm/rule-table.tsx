'use client';
import type { AlarmRule } from '@wattproof/contracts/api';
import { formatDuration, formatMeasurand, measurandText, quantityText } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Dialog } from '../form/dialog.tsx';
import { FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './alarm.module.css';
import { RuleForm } from './rule-form.tsx';

/** What rules can be about. */
export interface RuleContext {
  readonly meters: readonly {
    readonly id: number;
    readonly name: string;
    readonly siteId: string;
    readonly measurands: readonly string[];
  }[];
  readonly gateways: readonly { readonly id: string; readonly name: string; readonly siteId: string }[];
  readonly sites: readonly { readonly id: string; readonly name: string }[];
  readonly siteId: string | null;
}

export function RuleTable({
  rules,
  mayWrite,
  ...context
}: RuleContext & { readonly rules: readonly AlarmRule[]; readonly mayWrite: boolean }) {
  const t = useTranslator();
  const router = useRouter();
  const [edited, setEdited] = useState<AlarmRule | 'new' | null>(null);
  const [removed, setRemoved] = useState<AlarmRule | null>(null);
  const toggling = useSubmit<AlarmRule>();
  const siteName = (r: AlarmRule): string => context.sites.find((s) => s.id === r.siteId)?.name ?? '—';
  const subject = (r: AlarmRule): string =>
    (r.meterId === null ? undefined : context.meters.find((m) => m.id === r.meterId)?.name) ??
    (r.gatewayId === null
      ? undefined
      : (context.gateways.find((g) => g.id === r.gatewayId)?.name ?? r.gatewayId)) ??
    String(r.meterId ?? '—');
  const condition = (r: AlarmRule): string =>
    r.kind === 'noData' || r.measurand === null || r.threshold === null
      ? t('alarm.rule.conditionNoData')
      : t('alarm.rule.condition', {
          measurand: measurandText(t, r.measurand),
          comparison: t(r.comparison === 'below' ? 'alarm.rule.below' : 'alarm.rule.above'),
          limit: quantityText(formatMeasurand(t.locale, r.threshold, r.measurand)),
        });
  const toggle = async (rule: AlarmRule): Promise<void> => {
    const answer = await toggling.send(`/alarm-rules/${rule.id}`, {
      method: 'PATCH',
      json: { enabled: !rule.enabled },
    });
    if (answer.ok) router.refresh();
  };
  const columns: Column<AlarmRule>[] = [
    {
      id: 'name',
      head: t('alarm.rule.name'),
      phone: 'title',
      proof: { without: 'stated' },
      cell: (r) => r.name,
      sort: (r) => r.name,
      text: (r) => r.name,
    },
    { id: 'site', head: t('alarm.site'), cell: siteName, sort: siteName, text: siteName },
    { id: 'subject', head: t('alarm.rule.meter'), cell: subject, sort: subject, text: subject },
    {
      id: 'condition',
      head: t('alarm.rule.comparison'),
      proof: { without: 'stated' },
      cell: condition,
      text: condition,
    },
    {
      id: 'delay',
      head: t('alarm.rule.delay'),
      align: 'right',
      proof: { without: 'stated' },
      cell: (r) => formatDuration(t.locale, r.delay_s),
      sort: (r) => r.delay_s,
      text: (r) => formatDuration(t.locale, r.delay_s),
    },
    {
      id: 'severity',
      head: t('alarm.severity'),
      cell: (r) => t(`severity.${r.severity}`),
      sort: (r) => r.severity,
      text: (r) => t(`severity.${r.severity}`),
    },
    {
      id: 'enabled',
      head: t('alarm.rule.enabled'),
      cell: (r) => t(r.enabled ? 'alarm.rule.on' : 'alarm.rule.off'),
      sort: (r) => Number(r.enabled),
      text: (r) => t(r.enabled ? 'alarm.rule.on' : 'alarm.rule.off'),
    },
    ...(mayWrite
      ? [
          {
            id: 'action',
            head: t('table.actions'),
            isHeadHidden: true,
            align: 'right' as const,
            proof: 'inCell' as const,
            cell: (r: AlarmRule) => (
              <span className={styles.actions}>
                <Button
                  kind="words"
                  onClick={() => setEdited(r)}
                  aria-label={`${t('alarm.rule.edit')}: ${r.name}`}
                >
                  {t('alarm.rule.edit')}
                </Button>
                <Button
                  kind="words"
                  aria-label={`${t(r.enabled ? 'alarm.rule.switchOff' : 'alarm.rule.switchOn')}: ${r.name}`}
                  disabled={toggling.isBusy}
                  onClick={() => void toggle(r)}
                >
                  {t(r.enabled ? 'alarm.rule.switchOff' : 'alarm.rule.switchOn')}
                </Button>
                <Button
                  kind="words"
                  onClick={() => setRemoved(r)}
                  aria-label={`${t('alarm.rule.delete')}: ${r.name}`}
                >
                  {t('alarm.rule.delete')}
                </Button>
              </span>
            ),
          },
        ]
      : []),
  ];
  return (
    <Section
      title={t('alarm.rules')}
      basis={
        mayWrite ? (
          <Button kind="words" onClick={() => setEdited('new')}>
            {t('alarm.rule.new')}
          </Button>
        ) : undefined
      }
    >
      {toggling.error && <FormError>{toggling.error}</FormError>}
      <DataTable
        id="rules"
        name={t('alarm.rules')}
        columns={columns}
        rows={rules}
        rowKey={(r) => r.id}
        rowState={(r) => (r.enabled ? undefined : 'muted')}
        empty={t('alarm.rulesNone')}
      />
      {edited && (
        <RuleForm
          rule={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={() => {
            setEdited(null);
            router.refresh();
          }}
          {...context}
        />
      )}
      {removed && (
        <DeleteDialog
          rule={removed}
          onClose={() => setRemoved(null)}
          onDeleted={() => {
            setRemoved(null);
            router.refresh();
          }}
        />
      )}
    </Section>
  );
}

function DeleteDialog({
  rule,
  onClose,
  onDeleted,
}: {
  readonly rule: AlarmRule;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}) {
  const t = useTranslator();
  const { isBusy, error, problem, send } = useSubmit();
  return (
    <Dialog title={t('alarm.rule.delete')} onClose={onClose}>
      <p>{t('alarm.rule.deleteSure', { name: rule.name })}</p>
      {error && (
        <FormError>{problem?.code === 'conflict' ? t('alarm.rule.deleteConflict') : error}</FormError>
      )}
      <div className={styles.buttons}>
        <Button
          kind="destructive"
          disabled={isBusy}
          onClick={async () => {
            const answer = await send(`/alarm-rules/${rule.id}`, { method: 'DELETE' });
            if (answer.ok) onDeleted();
          }}
        >
          {t('alarm.rule.delete')}
        </Button>
        <Button onClick={onClose}>{t('form.cancel')}</Button>
      </div>
    </Dialog>
  );
}
