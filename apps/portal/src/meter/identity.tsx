'use client';
import type { MeterDetail } from '@wattproof/contracts/api';
import { chain_percent } from '@wattproof/energy';
import { formatNumber, quantityText } from '@wattproof/messages';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Section } from '../figure/section.tsx';
import { Trust } from '../figure/trust.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { sitePath } from '../shell/place.ts';
import styles from './meter.module.css';

/** What the meter is: device, profile with its trust, line, accuracy chain, what feeds it, what it adds up. */
export function Identity({
  meter,
  parentName,
}: {
  readonly meter: MeterDetail;
  readonly parentName: string | null;
}) {
  const t = useTranslator();
  const chain = meter.accuracy.length > 0 ? chain_percent(meter.accuracy) : null;
  return (
    <Section title={t('meter.identity')}>
      <dl className={styles.identity}>
        {meter.serialNumber !== '' && <Fact name={t('meter.serial')}>{meter.serialNumber}</Fact>}
        {meter.profile && (
          <>
            <Fact name={t('meter.profile')}>
              {meter.profile.name} <small>{meter.profile.note}</small>
            </Fact>
            <Fact name={t('meter.trust')}>
              <span className={styles.stack}>
                <Trust rung={meter.profile.trust} t={t} />
                <small>{t(`meter.trustMeans.${meter.profile.trust}`)}</small>
              </span>
            </Fact>
          </>
        )}
        {meter.line && (
          <Fact name={t('meter.line')}>
            {t('meter.lineText', {
              name: meter.line.name,
              transport: meter.line.transport,
              address: meter.line.unitAddress ?? '—',
            })}
          </Fact>
        )}
        {chain !== null && (
          <Fact name={t('meter.accuracy')}>
            <span className={styles.stack}>
              {meter.accuracy
                .map((a) => t('meter.class', { part: a.part, class: formatNumber(t.locale, a.class) }))
                .join(', ')}
              <small data-receiptless="limit">
                {t('meter.chain', {
                  limit: quantityText({ value: formatNumber(t.locale, chain, { decimals: 2 }), unit: '%' }),
                })}
              </small>
            </span>
          </Fact>
        )}
        {meter.keys.map((key) => (
          <Fact key={`${key.gatewayId} ${key.meterKey}`} name={t('meter.key')}>
            {t('meter.keyText', { gateway: key.gatewayId, key: key.meterKey })}
          </Fact>
        ))}
        {meter.parentId !== null && (
          <Fact name={t('meter.parent')}>
            <Link href={sitePath(meter.siteId, `/meters/${meter.parentId}`)}>
              {parentName ?? meter.parentId}
            </Link>
          </Fact>
        )}
        {meter.terms.length > 0 && (
          <Fact name={t('meter.terms')}>
            <ul>
              {meter.terms.map((term) => (
                <li key={term.sourceMeterId}>
                  {term.sign === 1 ? '+ ' : '\u2212 '}
                  <Link href={sitePath(meter.siteId, `/meters/${term.sourceMeterId}`)}>
                    {term.sourceName}
                  </Link>
                </li>
              ))}
            </ul>
          </Fact>
        )}
      </dl>
    </Section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
