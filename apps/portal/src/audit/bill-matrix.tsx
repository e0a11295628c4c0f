'use client';
import type { Bills } from '@wattproof/contracts/api';
import { formatLocalDate } from '@wattproof/messages';
import { Section } from '../figure/section.tsx';
import { CarrierTag } from '../figure/tag.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './matrix.module.css';

type Cell = Bills['deliveryPoints'][number]['cells'][number];

export interface MatrixRow {
  readonly id: string;
  readonly name: string;
  readonly carrier: string;
  readonly cells: readonly Cell[];
}

const states = ['billed', 'estimated', 'overlapping', 'missing'] as const;

/** Delivery point × month: billed solid, estimated hatched, overlapping offset, missing a red box with a mark. */
export function BillMatrix({
  title,
  months,
  rows,
}: {
  readonly title: string;
  readonly months: readonly string[];
  readonly rows: readonly MatrixRow[];
}) {
  const t = useTranslator();
  return (
    <Section
      title={title}
      subject={t('audit.matrixSubject')}
      basis={
        <span className={styles.legend}>
          {states.map((state) => (
            <span key={state}>
              <CellMark state={state} />
              {t(`audit.cell.${state}`)}
            </span>
          ))}
        </span>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keys */}
      <section className={styles.scroll} tabIndex={0} aria-label={`${title}, ${t('audit.matrixSubject')}`}>
        <table className={styles.matrix}>
          <thead>
            <tr>
              <th scope="col">{t('audit.row')}</th>
              <td />
              {months.map((month) => (
                <th key={month} scope="col" title={formatLocalDate(t.locale, month, 'month')}>
                  <span aria-hidden="true">{formatLocalDate(t.locale, month, 'monthLetter')}</span>
                  <span className="visually-hidden">{formatLocalDate(t.locale, month, 'month')}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <th scope="row">{row.name}</th>
                <td>
                  <CarrierTag carrier={row.carrier} name={t(`carrier.${row.carrier}` as 'carrier.gas')} />
                </td>
                {months.map((month) => {
                  const cell = row.cells.find((c) => c.month === month);
                  const state = cell?.state ?? 'outsideValidity';
                  return (
                    <td
                      key={month}
                      title={`${formatLocalDate(t.locale, month, 'month')}: ${t(`audit.cell.${state}`)}`}
                    >
                      <CellMark state={state} />
                      <span className="visually-hidden">{t(`audit.cell.${state}`)}</span>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Section>
  );
}

function CellMark({ state }: { readonly state: Cell['state'] }) {
  return (
    <svg width="24" height="12" viewBox="0 0 24 12" aria-hidden="true" className={styles.mark}>
      {state === 'billed' && <rect y="3" width="24" height="6" className={styles.billed} />}
      {state === 'estimated' && (
        <>
          <rect x=".5" y="2.5" width="23" height="7" className={styles.outline} />
          <path d="M1 9l6-6M5 9l6-6M9 9l6-6M13 9l6-6M17 9l6-6" className={styles.hatch} />
        </>
      )}
      {state === 'overlapping' && (
        <>
          <rect y="1" width="14" height="5" className={styles.billed} />
          <rect x="9" y="6.500" width="15" height="5" className={styles.over} />
        </>
      )}
      {state === 'missing' && (
        <>
          <rect x=".75" y=".75" width="22.5" height="10.5" className={styles.missing} />
          <path d="M12 3v3.5M12 8.600v.2" className={styles.bang} />
        </>
      )}
      {state === 'outsideValidity' && <path d="M9 6h6" className={styles.outline} />}
    </svg>
  );
}
