'use client';
import type { CatalogueProduct, CatalogueProfile, DeviceCatalogue } from '@wattproof/contracts/api';
import type { ReactNode } from 'react';
import { Trust } from '../figure/trust.tsx';
import { Dialog } from '../form/dialog.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './catalogue.module.css';
import { languageOf, plainNumber, productLanguage, settingsText, textOf } from './catalogue-text.ts';

/** Everything that is known of a catalogue number. */
export function ProductDialog({
  product,
  catalogue,
  onProfile,
  onClose,
}: {
  readonly product: CatalogueProduct;
  readonly catalogue: DeviceCatalogue;
  readonly onProfile: (profile: CatalogueProfile) => void;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const profiles = product.profileIds.flatMap((id) => catalogue.profiles.find((p) => p.id === id) ?? []);
  const list = (values: readonly number[]): string => values.map((v) => plainNumber(t, v)).join(', ');
  const { transformer: ct, pulse } = product;
  const rows: readonly (readonly [string, ReactNode])[] = [
    ...(product.quantities.length > 0
      ? [
          [
            t('catalogue.measures'),
            product.quantities.map((q) => textOf(t, `catalogue.quantity.${q}`)).join(', '),
          ] as const,
        ]
      : []),
    ...(product.class_active !== null
      ? [
          [
            t('catalogue.class'),
            t('catalogue.classText', {
              active: plainNumber(t, product.class_active),
              reactive: product.class_reactive === null ? '—' : plainNumber(t, product.class_reactive),
            }),
          ] as const,
        ]
      : []),
    ...(product.isMid ? [[t('catalogue.mid'), t('catalogue.midText')] as const] : []),
    ...(ct
      ? [
          [
            t('catalogue.transformer'),
            t('catalogue.transformerText', {
              primary: ct.primary_a,
              burden: plainNumber(t, ct.burden_va),
              class: plainNumber(t, ct.class_burden),
            }),
          ] as const,
        ]
      : []),
    ...(pulse
      ? [
          [
            t('catalogue.pulse'),
            t('catalogue.pulseText', {
              weights: list(pulse.weights_wh),
              durations: list(pulse.durations_ms),
              terminals: pulse.terminals,
            }),
          ] as const,
        ]
      : []),
    [t('catalogue.settings'), settingsText(t, product.communication)],
    ...(product.needs.length > 0 ? [[t('catalogue.needs'), product.needs.join(', ')] as const] : []),
    ...(profiles.length > 0
      ? [
          [
            t('catalogue.map'),
            <ul key="profiles">
              {profiles.map((profile) => (
                <li key={profile.id}>
                  <button type="button" className={styles.open} onClick={() => onProfile(profile)}>
                    <span lang={languageOf(profile.id)}>{profile.title}</span>
                  </button>{' '}
                  <Trust rung={profile.trust} t={t} />
                </li>
              ))}
            </ul>,
          ] as const,
        ]
      : []),
    ...(product.cautions.length > 0
      ? [
          [
            t('catalogue.cautions'),
            <ul key="cautions" lang={productLanguage}>
              {product.cautions.map((caution) => (
                <li key={caution}>{caution}</li>
              ))}
            </ul>,
          ] as const,
        ]
      : []),
    [
      t('catalogue.source'),
      <span key="source" lang={productLanguage}>
        {product.source}
      </span>,
    ],
  ];
  return (
    <Dialog
      title={
        <>
          {product.catalogueNumber}: <span lang={productLanguage}>{product.title}</span>
        </>
      }
      isWide
      onClose={onClose}
    >
      <dl className={styles.facts}>
        {rows.map(([name, value]) => [<dt key={`${name} name`}>{name}</dt>, <dd key={name}>{value}</dd>])}
      </dl>
    </Dialog>
  );
}
