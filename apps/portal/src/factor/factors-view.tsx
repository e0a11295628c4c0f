'use client';
import type { EnergyFactor } from '@wattproof/contracts/api';
import { formatNumber } from '@wattproof/messages';
import { useState } from 'react';
import { Section } from '../figure/section.tsx';
import { CarrierTag } from '../figure/tag.tsx';
import { Button } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { EndDialog } from './end-dialog.tsx';
import styles from './factor.module.css';
import { FactorDialog } from './factor-dialog.tsx';
import { carrierName, factorKinds, ordered, placeText, spanText, stateOf } from './factor-text.ts';

type Kind = EnergyFactor['kind'];

/** Factors by what they make, each version with its dates, source and use; one takes the place of another by a date. */
export function FactorsView({
  factors,
  today,
  mayWrite,
}: {
  readonly factors: readonly EnergyFactor[];
  readonly today: string;
  readonly mayWrite: boolean;
}) {
  const [edited, setEdited] = useState<{ readonly kind: Kind; readonly of: EnergyFactor | null } | null>(
    null,
  );
  const [ended, setEnded] = useState<EnergyFactor | null>(null);
  return (
    <div className={styles.sections}>
      {factorKinds.map((kind) => (
        <FactorTable
          key={kind}
          kind={kind}
          factors={ordered(
            factors.filter((f) => f.kind === kind),
            today,
          )}
          today={today}
          onEdit={mayWrite ? (of) => setEdited({ kind, of }) : null}
          onEnd={setEnded}
        />
      ))}
      {edited && (
        <FactorDialog kind={edited.kind} before={edited.of} today={today} onClose={() => setEdited(null)} />
      )}
      {ended && <EndDialog factor={ended} today={today} onClose={() => setEnded(null)} />}
    </div>
  );
}

function FactorTable({
  kind,
  factors,
  today,
  onEdit,
  onEnd,
}: {
  readonly kind: Kind;
  readonly factors: readonly EnergyFactor[];
  readonly today: string;
  /** null: the reader may not write. The factor is the version that a new one starts from. */
  readonly onEdit: ((of: EnergyFactor | null) => void) | null;
  readonly onEnd: (of: EnergyFactor) => void;
}) {
  const t = useTranslator();
  const uses = (f: EnergyFactor): string =>
    [
      ...(f.uses.sites.length > 0
        ? [t('energyFactor.usedBySites', { sites: f.uses.sites.map((s) => s.siteName).join(', ') })]
        : []),
      ...(f.uses.bills > 0 ? [t('energyFactor.usedByBills', { count: f.uses.bills })] : []),
    ].join('; ');
  const carrier = (f: EnergyFactor): string =>
    f.basis === 'none' ? carrierName(f, t) : `${carrierName(f, t)}, ${t(`energyFactor.basis.${f.basis}`)}`;
  const state = (f: EnergyFactor): string => t(`energyFactor.state.${stateOf(f, today)}`);
  const source = (f: EnergyFactor): string => [f.source, f.licence].filter(Boolean).join('. ');
  const columns: Column<EnergyFactor>[] = [
    {
      id: 'carrier',
      head: t('energyFactor.carrier'),
      phone: 'title',
      cell: (f) => (
        <span className={styles.stack}>
          <span className={styles.carrier}>
            <CarrierTag carrier={f.carrier} name={carrierName(f, t)} />
            <strong>{carrierName(f, t)}</strong>
          </span>
          <small>
            {[...(f.basis === 'none' ? [] : [t(`energyFactor.basis.${f.basis}`)]), placeText(f, t)]
              .filter(Boolean)
              .join(', ')}
          </small>
        </span>
      ),
      sort: carrier,
      text: (f) => [carrier(f), placeText(f, t)].filter(Boolean).join(', '),
    },
    {
      id: 'value',
      head: t('energyFactor.value'),
      align: 'right',
      proof: { without: 'limit' },
      cell: (f) => (
        <span className={styles.value}>
          {formatNumber(t.locale, f.value, { decimals: f.value.split('.')[1]?.length ?? 0 })}{' '}
          <small>{f.unit.replace('CO2', 'CO₂')}</small>
        </span>
      ),
      sort: (f) => Number(f.value),
      text: (f) => `${f.value} ${f.unit}`,
    },
    {
      id: 'span',
      head: t('energyFactor.inForce'),
      cell: (f) => (
        <span className={styles.stack}>
          <span className={styles.state} data-state={stateOf(f, today)}>
            {state(f)}
          </span>
          <small>{spanText(f, t)}</small>
        </span>
      ),
      sort: (f) => f.effectiveFrom ?? '',
      text: (f) => `${state(f)}, ${spanText(f, t)}`,
    },
    {
      id: 'source',
      head: t('variable.source'),
      proof: { without: 'limit' },
      cell: (f) => (
        <span className={styles.stack}>
          <span>{source(f)}</span>
          <small className={styles.verification} data-verification={f.verification}>
            {t(`energyFactor.verification.${f.verification}`)}
          </small>
          <small>
            {f.origin === 'product'
              ? t('energyFactor.ofProduct')
              : t('energyFactor.recordedBy', { name: f.createdBy ?? '' })}
          </small>
        </span>
      ),
      text: (f) => `${source(f)} (${t(`energyFactor.verification.${f.verification}`)})`,
    },
    {
      id: 'uses',
      head: t('energyFactor.uses'),
      cell: (f) => <span className={styles.small}>{uses(f) || t('energyFactor.unused')}</span>,
      sort: (f) => f.uses.sites.length + f.uses.bills,
      text: uses,
    },
    {
      id: 'act',
      head: t('table.actions'),
      isHeadHidden: true,
      align: 'right',
      cell: (f) =>
        onEdit && stateOf(f, today) !== 'ended' ? (
          <span className={styles.acts}>
            <Button kind="words" onClick={() => onEdit(f)}>
              {t(f.origin === 'organisation' ? 'energyFactor.newVersion' : 'energyFactor.ownInstead')}
              <span className="visually-hidden">{carrier(f)}</span>
            </Button>
            {f.origin === 'organisation' && (
              <Button kind="words" onClick={() => onEnd(f)}>
                {t('energyFactor.end')}
                <span className="visually-hidden">{carrier(f)}</span>
              </Button>
            )}
          </span>
        ) : null,
    },
  ];
  return (
    <Section
      title={t(`energyFactor.kind.${kind}`)}
      subject={t(`energyFactor.kindText.${kind}`)}
      basis={
        onEdit && (
          <Button kind="words" onClick={() => onEdit(null)}>
            {t(`energyFactor.add.${kind}`)}
          </Button>
        )
      }
    >
      <DataTable
        id={`factors-${kind}`}
        name={t(`energyFactor.kind.${kind}`)}
        columns={columns}
        rows={factors}
        rowKey={(f) => f.id}
        rowState={(f) => (stateOf(f, today) === 'ended' ? 'muted' : undefined)}
        withTools={factors.length > 8}
        empty={t('energyFactor.none')}
      />
    </Section>
  );
}
