'use client';
import type { WeatherStation } from '@wattproof/contracts/api';
import { formatInstant, formatNumber } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { findingText } from '../figure/finding-text.ts';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { parseNumber } from '../form/parse-number.ts';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { FileImportDialog } from './file-import.tsx';
import styles from './variable.module.css';

/** Weather stations of the organisation: provider, hours that are known, and how far each is from this site. */
export function Stations({
  stations,
  siteId,
  timeZone,
  mayWrite,
}: {
  readonly stations: readonly WeatherStation[];
  readonly siteId: string;
  readonly timeZone: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const [isNew, setNew] = useState(false);
  const [filled, setFilled] = useState<WeatherStation | null>(null);
  const ofSite = (s: WeatherStation) => s.sites.find((x) => x.siteId === siteId);
  const columns: Column<WeatherStation>[] = [
    {
      id: 'name',
      head: t('weather.station'),
      phone: 'title',
      cell: (s) => (
        <span className={styles.stack}>
          <strong>{s.name}</strong>
          <small>{[s.provider, s.code].filter(Boolean).join(' ')}</small>
        </span>
      ),
      sort: (s) => s.name,
      text: (s) => `${s.name}, ${s.provider} ${s.code}`,
    },
    {
      id: 'place',
      head: t('weather.place'),
      cell: (s) =>
        t('weather.placeOf', {
          latitude: formatNumber(t.locale, s.latitude, { decimals: 3 }),
          longitude: formatNumber(t.locale, s.longitude, { decimals: 3 }),
        }),
      text: (s) => `${s.latitude}, ${s.longitude}`,
    },
    {
      id: 'distance',
      head: t('weather.distance'),
      align: 'right',
      proof: 'inCell',
      cell: (s) => {
        const found = ofSite(s);
        return found ? (
          <span className={styles.stack}>
            <span>{t('weather.km', { km: formatNumber(t.locale, found.distance_km, { decimals: 0 }) })}</span>
            {found.findings.map((f) => (
              <small key={f.code}>{findingText(f, t)}</small>
            ))}
          </span>
        ) : (
          '—'
        );
      },
      sort: (s) => ofSite(s)?.distance_km ?? null,
      text: (s) => String(ofSite(s)?.distance_km ?? ''),
    },
    {
      id: 'known',
      head: t('variable.known'),
      cell: (s) => (
        <span className={styles.stack}>
          <span>
            {s.knownFrom && s.knownTo
              ? t('performance.period', {
                  from: formatInstant(t.locale, timeZone, s.knownFrom, 'date'),
                  to: formatInstant(t.locale, timeZone, s.knownTo, 'date'),
                })
              : t('workbench.variableEmpty')}
          </span>
          <small>{t('weather.hours', { count: s.hours })}</small>
        </span>
      ),
      sort: (s) => s.hours,
      text: (s) => String(s.hours),
    },
    {
      id: 'act',
      head: t('table.actions'),
      isHeadHidden: true,
      align: 'right',
      proof: 'inCell',
      cell: (s) =>
        mayWrite ? (
          <Button kind="words" onClick={() => setFilled(s)}>
            {t('variable.import', { name: s.name })}
          </Button>
        ) : null,
    },
  ];
  return (
    <Section
      title={t('weather.title')}
      subject={t('weather.subject')}
      basis={
        mayWrite && (
          <Button kind="words" onClick={() => setNew(true)}>
            {t('weather.add')}
          </Button>
        )
      }
    >
      <DataTable
        id="stations"
        name={t('weather.title')}
        columns={columns}
        rows={stations}
        rowKey={(s) => s.id}
        withTools={stations.length > 8}
        empty={t('weather.none')}
      />
      {isNew && <StationDialog onClose={() => setNew(false)} />}
      {filled && (
        <FileImportDialog
          title={t('variable.import', { name: filled.name })}
          text={t('weather.importText')}
          path={`/weather-stations/${filled.id}/imports`}
          isWeather
          onClose={() => setFilled(null)}
        />
      )}
    </Section>
  );
}

function StationDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const [typed, setTyped] = useState({
    name: '',
    code: '',
    provider: '',
    latitude: '',
    longitude: '',
    elevation: '',
  });
  const [isTried, setTried] = useState(false);
  const latitude = parseNumber(typed.latitude);
  const longitude = parseNumber(typed.longitude);
  const elevation = typed.elevation.trim() === '' ? null : parseNumber(typed.elevation);
  const isLatitudeWrong = latitude === null || Math.abs(latitude) > 90;
  const isLongitudeWrong = longitude === null || Math.abs(longitude) > 180;
  const isElevationWrong = typed.elevation.trim() !== '' && elevation === null;
  const set = (part: Partial<typeof typed>): void => setTyped({ ...typed, ...part });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (isLatitudeWrong || isLongitudeWrong || isElevationWrong) return;
    if (typed.name.trim() === '' || typed.provider.trim() === '') return;
    const answer = await send('/weather-stations', {
      method: 'POST',
      json: {
        name: typed.name.trim(),
        code: typed.code.trim(),
        provider: typed.provider.trim(),
        latitude,
        longitude,
        elevation_m: elevation,
      },
    });
    if (!answer.ok) return;
    onClose();
    router.refresh();
  };
  const text = (field: 'name' | 'code' | 'provider', label: string, isRequired: boolean) => (
    <Field
      label={label}
      error={isTried && isRequired && typed[field].trim() === '' ? t('form.required') : null}
    >
      {(control) => (
        <input
          {...control}
          value={typed[field]}
          maxLength={80}
          onChange={(e) => set({ [field]: e.target.value })}
        />
      )}
    </Field>
  );
  const degrees = (field: 'latitude' | 'longitude', isWrong: boolean, most: number) => (
    <Field
      label={t(`weather.${field}`)}
      unit="°"
      error={isTried && isWrong ? t('weather.degreesWrong', { most }) : null}
    >
      {(control) => (
        <input
          {...control}
          inputMode="decimal"
          value={typed[field]}
          onChange={(e) => set({ [field]: e.target.value })}
        />
      )}
    </Field>
  );
  return (
    <Dialog title={t('weather.add')} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        {text('name', t('weather.name'), true)}
        {text('provider', t('weather.provider'), true)}
        {text('code', t('weather.code'), false)}
        {degrees('latitude', isLatitudeWrong, 90)}
        {degrees('longitude', isLongitudeWrong, 180)}
        <Field
          label={t('weather.elevation')}
          unit="m"
          error={isTried && isElevationWrong ? t('form.number', { example: '80' }) : null}
        >
          {(control) => (
            <input
              {...control}
              inputMode="decimal"
              value={typed.elevation}
              onChange={(e) => set({ elevation: e.target.value })}
            />
          )}
        </Field>
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button type="submit" kind="primary" disabled={isBusy}>
            {t(isBusy ? 'form.saving' : 'weather.add')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
