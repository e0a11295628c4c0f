'use client';
import type { CatalogueProduct, CatalogueProfile, DeviceCatalogue } from '@wattproof/contracts/api';
import type { PortalTranslator } from '@wattproof/messages';
import Link from 'next/link';
import { useMemo, useState } from 'react';
import { Section, Verdict } from '../figure/section.tsx';
import { Trust } from '../figure/trust.tsx';
import { Button } from '../form/button.tsx';
import { Field } from '../form/field.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './catalogue.module.css';
import { languageOf, productLanguage, settingsText, textOf } from './catalogue-text.ts';
import { MapDialog } from './map-dialog.tsx';
import { ProductDialog } from './product-dialog.tsx';
import { ProfileDialog } from './profile-dialog.tsx';
import { UploadDialog } from './upload-dialog.tsx';

/** Every catalogue number and every register map, each with how far it can be trusted. */
export function CatalogueView({
  catalogue,
  mayWrite,
}: {
  readonly catalogue: DeviceCatalogue;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const [kind, setKind] = useState('');
  const [product, setProduct] = useState<CatalogueProduct | null>(null);
  const [profile, setProfile] = useState<CatalogueProfile | null>(null);
  const [isUploading, setUploading] = useState(false);
  const [isMapping, setMapping] = useState(false);
  const kinds = [...new Set(catalogue.products.map((p) => p.kind))];
  const shown = useMemo(
    () => catalogue.products.filter((p) => kind === '' || p.kind === kind),
    [catalogue, kind],
  );
  const rung = (name: string): number => catalogue.profiles.filter((p) => p.trust === name).length;
  const verified = rung('hardwareVerified');
  return (
    <>
      <Verdict
        title={t('catalogue.title')}
        aside={
          mayWrite && (
            <span className={styles.asides}>
              <Button onClick={() => setMapping(true)}>{t('register.map')}</Button>
              <Button kind="primary" onClick={() => setUploading(true)}>
                {t('catalogue.upload')}
              </Button>
            </span>
          )
        }
      >
        {t(verified === 0 ? 'catalogue.lead' : 'catalogue.leadVerified', {
          products: catalogue.products.length,
          profiles: catalogue.profiles.length,
          documented: rung('simulated') + rung('interopTested'),
          verified,
        })}{' '}
        <Link href="/field">{t('field.back')}</Link>
      </Verdict>
      <div className={styles.sections}>
        <Section
          proof={{ without: 'limit' }}
          title={t('catalogue.profiles')}
          basis={t('catalogue.profilesBasis')}
        >
          <DataTable
            id="profiles"
            name={t('catalogue.profiles')}
            columns={profileColumns(t, setProfile)}
            rows={catalogue.profiles}
            rowKey={(p) => p.id}
          />
        </Section>
        <Section
          proof={{ without: 'limit' }}
          title={t('catalogue.products')}
          basis={t('catalogue.productsBasis')}
        >
          <div className={styles.kinds}>
            <Field label={t('catalogue.kind')}>
              {(control) => (
                <select {...control} value={kind} onChange={(event) => setKind(event.target.value)}>
                  <option value="">{t('catalogue.all')}</option>
                  {kinds.map((name) => (
                    <option key={name} value={name}>
                      {textOf(t, `catalogue.kind.${name}`)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          </div>
          <DataTable
            id="products"
            name={t('catalogue.products')}
            columns={productColumns(t, catalogue, setProduct)}
            rows={shown}
            rowKey={(p) => p.catalogueNumber}
          />
        </Section>
      </div>
      {product && (
        <ProductDialog
          product={product}
          catalogue={catalogue}
          onProfile={(p) => {
            setProduct(null);
            setProfile(p);
          }}
          onClose={() => setProduct(null)}
        />
      )}
      {isMapping && <MapDialog onClose={() => setMapping(false)} />}
      {isUploading && <UploadDialog onClose={() => setUploading(false)} />}
      {profile && <ProfileDialog profile={profile} onClose={() => setProfile(null)} />}
    </>
  );
}

function profileColumns(
  t: PortalTranslator,
  open: (profile: CatalogueProfile) => void,
): Column<CatalogueProfile>[] {
  return [
    {
      id: 'title',
      head: t('catalogue.name'),
      phone: 'title',
      cell: (p) => (
        <button type="button" className={styles.open} onClick={() => open(p)}>
          <span lang={languageOf(p.id)}>{p.title}</span>
        </button>
      ),
      sort: (p) => p.title,
      text: (p) => p.title,
    },
    {
      id: 'maker',
      head: t('catalogue.maker'),
      cell: (p) => p.maker,
      sort: (p) => p.maker,
      text: (p) => p.maker,
    },
    {
      id: 'models',
      head: t('catalogue.models'),
      cell: (p) => (
        <span className={styles.number}>
          {p.models.slice(0, 3).join(', ')}
          {p.models.length > 3 ? ' …' : ''}
        </span>
      ),
      text: (p) => p.models.join(', '),
    },
    {
      id: 'measures',
      head: t('catalogue.measures'),
      align: 'right',
      proof: { without: 'count' },
      cell: (p) => p.measurands.length,
      sort: (p) => p.measurands.length,
      text: (p) => String(p.measurands.length),
    },
    {
      id: 'trust',
      head: t('catalogue.trust'),
      cell: (p) => <Trust rung={p.trust} t={t} />,
      sort: (p) => p.trust,
      text: (p) => p.trust,
    },
    {
      id: 'notice',
      head: t('catalogue.notice'),
      cell: (p) => (p.notice ? <span lang={languageOf(p.id)}>{p.notice}</span> : '—'),
      text: (p) => p.notice ?? '',
    },
  ];
}

function productColumns(
  t: PortalTranslator,
  catalogue: DeviceCatalogue,
  open: (product: CatalogueProduct) => void,
): Column<CatalogueProduct>[] {
  const outputs = (p: CatalogueProduct): string =>
    p.outputs.map((output) => textOf(t, `catalogue.output.${output}`)).join(', ') || '—';
  const best = (p: CatalogueProduct): CatalogueProfile | undefined =>
    catalogue.profiles.find((profile) => profile.id === p.profileIds[0]);
  return [
    {
      id: 'number',
      head: t('catalogue.number'),
      phone: 'title',
      cell: (p) => (
        <button
          type="button"
          className={`${styles.open} ${styles.number}`}
          aria-label={t('catalogue.open', { name: p.catalogueNumber })}
          onClick={() => open(p)}
        >
          {p.catalogueNumber}
        </button>
      ),
      sort: (p) => p.catalogueNumber,
      // Also without spaces: that is how it stands on an invoice.
      text: (p) => `${p.catalogueNumber} ${p.catalogueNumber.replaceAll(' ', '')}`,
    },
    {
      id: 'name',
      head: t('catalogue.name'),
      cell: (p) => <span lang={productLanguage}>{p.title}</span>,
      sort: (p) => p.title,
      text: (p) => p.title,
    },
    {
      id: 'kind',
      head: t('catalogue.kind'),
      cell: (p) => textOf(t, `catalogue.kind.${p.kind}`),
      sort: (p) => p.kind,
      text: (p) => textOf(t, `catalogue.kind.${p.kind}`),
    },
    { id: 'outputs', head: t('catalogue.outputs'), cell: outputs, sort: outputs, text: outputs },
    {
      id: 'settings',
      head: t('catalogue.settings'),
      phone: 'hidden',
      cell: (p) =>
        p.communication ? (
          settingsText(t, p.communication)
        ) : (
          <span className={styles.quiet}>{t('catalogue.none')}</span>
        ),
      text: (p) => settingsText(t, p.communication),
    },
    {
      id: 'trust',
      head: t('catalogue.trust'),
      cell: (p) => {
        const profile = best(p);
        return profile ? <Trust rung={profile.trust} t={t} /> : <span className={styles.quiet}>—</span>;
      },
      sort: (p) => best(p)?.trust ?? null,
      text: (p) => best(p)?.trust ?? '',
    },
  ];
}
