'use client';
import type { ConfigurationDiff } from '@wattproof/contracts/api';
import type { PortalTranslator } from '@wattproof/messages';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { changeText } from './change-text.ts';
import styles from './configuration.module.css';
import type { Choices } from './plan.ts';

interface Row {
  readonly id: string;
  readonly what: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly which: string;
  readonly how: string;
  readonly effect: string;
}

function rowsOf(t: PortalTranslator, { gateway, lines, meters }: ConfigurationDiff, choices: Choices): Row[] {
  const fieldsText = (fields: ConfigurationDiff['gateway']): string =>
    fields.map((change) => changeText(t, change, choices)).join('; ');
  return [
    ...(gateway.length > 0
      ? [
          {
            id: 'gateway',
            what: t('configuration.change.gateway'),
            kind: 'changed' as const,
            which: '',
            how: fieldsText(gateway),
            effect: '',
          },
        ]
      : []),
    ...lines.map((line) => ({
      id: `line ${line.key}`,
      what: t('configuration.change.line'),
      kind: line.kind,
      which: line.name || line.key,
      how: fieldsText(line.fields),
      effect: '',
    })),
    ...meters.map((meter) => ({
      id: `meter ${meter.key}`,
      what: meter.key,
      kind: meter.kind,
      which: meter.name || meter.key,
      how: fieldsText(meter.fields),
      effect: t(`configuration.effect.${meter.effect}`),
    })),
  ];
}

/** What a plan changes, by line and meter, with what it means for their series. */
export function Changes({ diff, choices }: { readonly diff: ConfigurationDiff; readonly choices: Choices }) {
  const t = useTranslator();
  const rows = rowsOf(t, diff, choices);
  if (rows.length === 0) return <p className={styles.note}>{t('configuration.changesNone')}</p>;
  const columns: Column<Row>[] = [
    {
      id: 'which',
      head: t('configuration.change.which'),
      phone: 'title',
      cell: (r) => (
        <span className={styles.name}>
          <strong>{r.which || r.what}</strong>
          {r.which !== '' && <small>{r.what}</small>}
        </span>
      ),
      text: (r) => `${r.what} ${r.which}`,
    },
    {
      id: 'kind',
      head: t('configuration.change.what'),
      cell: (r) => t(`configuration.change.${r.kind}`),
      text: (r) => t(`configuration.change.${r.kind}`),
      sort: (r) => r.kind,
    },
    {
      id: 'how',
      head: t('configuration.change.how'),
      cell: (r) => r.how || '—',
      text: (r) => r.how,
    },
    {
      id: 'effect',
      head: t('configuration.change.effect'),
      cell: (r) => r.effect || '—',
      text: (r) => r.effect,
    },
  ];
  return (
    <DataTable
      id="changes"
      name={t('configuration.changes')}
      columns={columns}
      rows={rows}
      rowKey={(r) => r.id}
      withTools={rows.length > 12}
    />
  );
}
