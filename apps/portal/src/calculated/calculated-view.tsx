'use client';
import type { VirtualMeter, VirtualMeters } from '@wattproof/contracts/api';
import { formatInstant } from '@wattproof/messages';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Section, Verdict } from '../figure/section.tsx';
import { CarrierTag, UseTag } from '../figure/tag.tsx';
import { Button } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { sitePath } from '../shell/place.ts';
import { State } from '../state/state.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './calculated.module.css';
import { type DefinitionDraft, draftOf, emptyTerm } from './definition.ts';
import { DefinitionDialog } from './definition-dialog.tsx';

type Suggestion = VirtualMeters['suggestions'][number];
interface Editing {
  readonly meterId: number | null;
  readonly draft: DefinitionDraft;
}

const lagWorthSaying_ms = 3_600_000;

/** Meters that are sums of others: what they add up, and what the structure suggests. */
export function CalculatedView({
  siteId,
  siteName,
  timeZone,
  value,
  zones,
  initialMeterId,
  mayWrite,
  now,
}: {
  readonly siteId: string;
  readonly siteName: string;
  readonly timeZone: string;
  readonly value: VirtualMeters;
  readonly zones: readonly { readonly id: string; readonly name: string }[];
  /** The one that is to be changed at once. */
  readonly initialMeterId: number | null;
  readonly mayWrite: boolean;
  readonly now: string;
}) {
  const t = useTranslator();
  const router = useRouter();
  const [editing, setEditing] = useState<Editing | null>(() => {
    const meter = value.virtualMeters.find((m) => m.meterId === initialMeterId);
    return meter && mayWrite ? { meterId: meter.meterId, draft: draftOf(meter, timeZone) } : null;
  });
  const first = value.sources.find((s) => s.carrier === 'electricity') ?? value.sources[0];
  const create = (): void =>
    setEditing({
      meterId: null,
      draft: {
        name: '',
        role: 'use',
        carrier: first?.carrier ?? 'electricity',
        energyUse: '',
        zoneId: '',
        measurand: first?.measurands[0] ?? 'active_energy_import_wh',
        terms: [emptyTerm(0)],
      },
    });
  const newButton = mayWrite && first && (
    <Button kind="primary" onClick={create}>
      {t('calculated.new')}
    </Button>
  );
  return (
    <>
      <Verdict title={t('calculated.verdict', { count: value.virtualMeters.length })} aside={newButton}>
        {t('calculated.lead', { site: siteName })}{' '}
        <Link href={sitePath(siteId, '/structure')}>{t('calculated.back')}</Link>
      </Verdict>
      <div className={styles.sections}>
        <Section title={t('calculated.title')}>
          <DataTable
            id="calculated"
            name={t('calculated.title')}
            columns={columnsOf()}
            rows={value.virtualMeters}
            rowKey={(m) => String(m.meterId)}
            withTools={value.virtualMeters.length > 6}
            empty={
              <State title={t('calculated.none')} level={3} action={newButton}>
                <p>{t('calculated.noneText')}</p>
              </State>
            }
          />
        </Section>
        {value.suggestions.length > 0 && (
          <Section title={t('calculated.suggested')} subject={t('calculated.suggestedSubject')}>
            <ul>
              {value.suggestions.map((s) => (
                <li key={`${s.kind} ${s.ofMeterId} ${s.carrier}`} className={styles.suggestion}>
                  <CarrierTag carrier={s.carrier} name={t(`carrier.${s.carrier}`)} />
                  <span className={styles.stack}>
                    {suggestionName(s)}
                    <small>{formula(s.terms)}</small>
                  </span>
                  {mayWrite && (
                    <Button
                      kind="words"
                      onClick={() =>
                        setEditing({
                          meterId: null,
                          draft: {
                            ...draftOf(s, timeZone),
                            name: suggestionName(s),
                            role: s.kind === 'siteTotal' ? 'total' : 'use',
                          },
                        })
                      }
                    >
                      {t('calculated.take')}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          </Section>
        )}
      </div>
      {editing && (
        <DefinitionDialog
          siteId={siteId}
          timeZone={timeZone}
          meterId={editing.meterId}
          initial={editing.draft}
          sources={value.sources}
          zones={zones}
          onSaved={() => {
            setEditing(null);
            router.refresh();
          }}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );

  function suggestionName(s: Suggestion): string {
    const of = value.sources.find((source) => source.meterId === s.ofMeterId)?.name ?? siteName;
    return t(`calculated.kind.${s.kind}`, { name: of });
  }

  function formula(terms: VirtualMeter['terms']): string {
    return terms
      .map((term, i) => `${term.sign === 1 ? (i === 0 ? '' : '+ ') : '\u2212 '}${term.sourceName}`)
      .join(' ');
  }

  function columnsOf(): Column<VirtualMeter>[] {
    const role = (m: VirtualMeter): string => t(`meterRole.${m.role}`);
    const known = (m: VirtualMeter): string =>
      // The newest interval is always being computed; only what lags behind is worth saying.
      m.isComputing && (m.knownTo === null || Date.parse(now) - Date.parse(m.knownTo) > lagWorthSaying_ms)
        ? t('calculated.computing')
        : m.knownFrom === null || m.knownTo === null
          ? t('calculated.unknown')
          : t('period.span', {
              from: formatInstant(t.locale, timeZone, m.knownFrom, 'date'),
              to: formatInstant(t.locale, timeZone, m.knownTo, 'dateTimeShort'),
            });
    return [
      {
        id: 'name',
        head: t('calculated.name'),
        phone: 'title',
        cell: (m) => (
          <span className={styles.name}>
            {m.energyUse ? (
              <UseTag use={m.energyUse} name={t(`use.${m.energyUse}`)} />
            ) : (
              <CarrierTag carrier={m.carrier} name={t(`carrier.${m.carrier}`)} />
            )}
            <Link href={sitePath(siteId, `/meters/${m.meterId}`)} prefetch={false}>
              {m.name}
            </Link>
          </span>
        ),
        sort: (m) => m.name,
        text: (m) => m.name,
      },
      { id: 'role', head: t('calculated.role'), cell: role, sort: role, text: role },
      {
        id: 'sum',
        head: t('calculated.sum'),
        cell: (m) => <span className={styles.formula}>{formula(m.terms)}</span>,
        text: (m) => formula(m.terms),
      },
      { id: 'known', head: t('calculated.known'), cell: known, sort: (m) => m.knownTo, text: known },
      ...(mayWrite
        ? [
            {
              id: 'act',
              head: t('table.actions'),
              isHeadHidden: true,
              align: 'right' as const,
              proof: 'inCell' as const,
              cell: (m: VirtualMeter) => (
                <Button
                  kind="words"
                  onClick={() => setEditing({ meterId: m.meterId, draft: draftOf(m, timeZone) })}
                >
                  {t('calculated.change')}
                </Button>
              ),
            },
          ]
        : []),
    ];
  }
}
