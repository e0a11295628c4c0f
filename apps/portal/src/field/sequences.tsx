'use client';
import type { GatewayGaps } from '@wattproof/contracts/api';
import { formatDuration, formatInstant, formatNumber } from '@wattproof/messages';
import { Section } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './field.module.css';

type Sequence = GatewayGaps['sequences'][number];
type Range = Sequence['missing'][number];

/** Ranges that are listed one by one; of more their number says enough. */
const mostListed = 8;

/** What a gateway numbered and what of it has not come: asked for again, or given up, never filled with anything. */
export function Sequences({
  gaps,
  timeZone,
  now,
}: {
  readonly gaps: GatewayGaps;
  readonly timeZone: string;
  readonly now: string;
}) {
  const t = useTranslator();
  const number = (n: number): string => formatNumber(t.locale, n);
  const ranges = (list: readonly Range[]): string =>
    list.length === 0
      ? ''
      : [
          ...list
            .slice(0, mostListed)
            .map(({ from, to }) =>
              from === to ? number(from) : t('figure.between', { low: number(from), high: number(to) }),
            ),
          ...(list.length > mostListed ? [t('field.moreRanges', { count: list.length - mostListed })] : []),
        ].join(', ');
  const asked = ({ gap }: Sequence): string =>
    gap === null
      ? ''
      : t('field.asked', {
          count: gap.asked,
          since: formatDuration(t.locale, (Date.parse(now) - Date.parse(gap.since)) / 1000),
        });
  const updated = (s: Sequence): string => formatInstant(t.locale, timeZone, s.updatedAt, 'dateTimeShort');
  const columns: Column<Sequence>[] = [
    {
      id: 'lane',
      head: t('field.lane'),
      phone: 'title',
      cell: (s) => (
        <span className={styles.name}>
          {t(`field.lane.${s.lane}`)}
          <small className={styles.code}>{t('field.boot', { boot: s.boot })}</small>
        </span>
      ),
      sort: (s) => s.lane,
      text: (s) => `${s.lane} ${s.boot}`,
    },
    {
      id: 'upTo',
      head: t('field.completeTo'),
      align: 'right',
      proof: { without: 'count' },
      cell: (s) => number(s.upTo),
      sort: (s) => s.upTo,
      text: (s) => number(s.upTo),
    },
    { id: 'updated', head: t('field.lastMessage'), cell: updated, sort: (s) => s.updatedAt, text: updated },
    {
      id: 'missing',
      head: t('field.missingBatches'),
      cell: (s) => <span className={styles.warn}>{ranges(s.missing)}</span>,
      text: (s) => ranges(s.missing),
    },
    { id: 'asked', head: t('field.askedHead'), cell: asked, text: asked },
    {
      id: 'givenUp',
      head: t('field.givenUp'),
      cell: (s) => ranges(s.givenUp),
      text: (s) => ranges(s.givenUp),
    },
  ];
  return (
    <Section
      title={t('field.sequences')}
      subject={
        gaps.missing === 0 && gaps.givenUp === 0
          ? t('field.sequencesWhole')
          : t('field.sequencesGaps', { missing: gaps.missing, givenUp: gaps.givenUp })
      }
      basis={t('field.sequencesBasis')}
    >
      <DataTable
        id="sequences"
        name={t('field.sequences')}
        columns={columns}
        rows={gaps.sequences}
        rowKey={(s) => `${s.boot} ${s.lane}`}
        withTools={false}
        empty={t('field.sequencesNone')}
      />
    </Section>
  );
}
