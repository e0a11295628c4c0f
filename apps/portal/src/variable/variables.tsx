'use client';
import type { Meter, RelevantVariable, WeatherStation } from '@wattproof/contracts/api';
import { formatLocalDate, formatNumber } from '@wattproof/messages';
import { useState } from 'react';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { FileImportDialog } from './file-import.tsx';
import styles from './variable.module.css';
import { VariableDialog } from './variable-dialog.tsx';

/** Relevant variables of a site as series: where each comes from, how far it is known, and what is missing between. */
export function Variables({
  siteId,
  variables,
  meters,
  stations,
  mayWrite,
}: {
  readonly siteId: string;
  readonly variables: readonly RelevantVariable[];
  readonly meters: readonly Meter[];
  readonly stations: readonly WeatherStation[];
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const [isNew, setNew] = useState(false);
  const [filled, setFilled] = useState<RelevantVariable | null>(null);
  const date = (d: string): string => formatLocalDate(t.locale, d, 'date');
  const source = (v: RelevantVariable): string =>
    v.source === 'meter'
      ? t('variable.ofMeter', { name: meters.find((m) => m.id === v.meterId)?.name ?? `${v.meterId}` })
      : v.source === 'station'
        ? t('variable.ofStation', { name: stations.find((s) => s.id === v.stationId)?.name ?? '—' })
        : t('variable.ofSeries');
  const gaps = (v: RelevantVariable): string =>
    v.gaps.length === 0
      ? t('variable.noGap')
      : v.gaps
          .slice(0, 3)
          .map((g) =>
            g.from === g.to ? date(g.from) : t('performance.period', { from: date(g.from), to: date(g.to) }),
          )
          .join('; ') + (v.gaps.length > 3 ? t('variable.moreGaps', { count: v.gaps.length - 3 }) : '');
  const columns: Column<RelevantVariable>[] = [
    {
      id: 'name',
      head: t('enpi.variable'),
      phone: 'title',
      cell: (v) => (
        <span className={styles.stack}>
          <strong>{v.name}</strong>
          <small>{v.key}</small>
        </span>
      ),
      sort: (v) => v.name,
      text: (v) => `${v.name}, ${v.key}`,
    },
    { id: 'unit', head: t('variable.unit'), cell: (v) => v.unit, text: (v) => v.unit },
    { id: 'source', head: t('variable.source'), cell: source, sort: source, text: source },
    {
      id: 'step',
      head: t('workbench.granularity'),
      cell: (v) => t(v.granularity === 'day' ? 'workbench.days' : 'workbench.months'),
      text: (v) => v.granularity,
    },
    {
      id: 'known',
      head: t('variable.known'),
      cell: (v) => (
        <span className={styles.stack}>
          <span>
            {v.knownFrom && v.knownTo
              ? t('performance.period', { from: date(v.knownFrom), to: date(v.knownTo) })
              : t('workbench.variableEmpty')}
          </span>
          <small>{t('variable.values', { count: v.known })}</small>
        </span>
      ),
      sort: (v) => v.known,
      text: (v) => `${v.knownFrom ?? ''} – ${v.knownTo ?? ''}, ${formatNumber(t.locale, v.known)}`,
    },
    {
      id: 'gaps',
      head: t('variable.gaps'),
      cell: (v) => (
        <span className={styles.gaps} data-bad={v.gaps.length > 0 || undefined}>
          {gaps(v)}
        </span>
      ),
      sort: (v) => v.gaps.length,
      text: gaps,
    },
    {
      id: 'act',
      head: t('table.actions'),
      isHeadHidden: true,
      align: 'right',
      proof: 'inCell',
      cell: (v) =>
        v.source === 'series' && mayWrite ? (
          <Button kind="words" onClick={() => setFilled(v)}>
            {t('variable.import', { name: v.name })}
          </Button>
        ) : null,
    },
  ];
  return (
    <Section
      title={t('workbench.variables')}
      subject={t('variable.subject')}
      basis={
        mayWrite && (
          <Button kind="words" onClick={() => setNew(true)}>
            {t('variable.add')}
          </Button>
        )
      }
    >
      <DataTable
        id="variables"
        name={t('workbench.variables')}
        columns={columns}
        rows={variables}
        rowKey={(v) => v.id}
        withTools={variables.length > 8}
        empty={t('variable.none')}
      />
      {isNew && (
        <VariableDialog siteId={siteId} meters={meters} stations={stations} onClose={() => setNew(false)} />
      )}
      {filled && (
        <FileImportDialog
          title={t('variable.import', { name: filled.name })}
          text={t(filled.granularity === 'day' ? 'variable.importDays' : 'variable.importMonths', {
            unit: filled.unit,
          })}
          path={`/variables/${filled.id}/imports`}
          isWeather={false}
          onClose={() => setFilled(null)}
        />
      )}
    </Section>
  );
}
