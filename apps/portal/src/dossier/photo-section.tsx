'use client';
import type { AuditDossierView } from '@wattproof/contracts/api';
import type { ReportSection } from '@wattproof/energy';
import { formatLocalDate } from '@wattproof/messages';
import { type FormEvent, useRef, useState } from 'react';
import { Button } from '../form/button.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './dossier.module.css';

type Photo = AuditDossierView['photos'][number];

/** Photos of one section. They are kept at once, apart from the words, which are saved together. */
export function PhotoSection({
  auditId,
  section,
  photos,
  sites,
  mayWrite,
  onChange,
}: {
  readonly auditId: string;
  readonly section: ReportSection;
  readonly photos: readonly Photo[];
  readonly sites: AuditDossierView['sites'];
  readonly mayWrite: boolean;
  readonly onChange: (photos: readonly Photo[]) => void;
}) {
  const t = useTranslator();
  const { isBusy, error, send } = useSubmit<AuditDossierView>();
  const input = useRef<HTMLInputElement>(null);
  const [caption, setCaption] = useState('');
  const [siteId, setSiteId] = useState('');
  const [takenOn, setTakenOn] = useState('');
  const [isTried, setTried] = useState(false);
  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    const file = input.current?.files?.[0];
    if (!file || caption.trim() === '') return;
    const query = new URLSearchParams({ section, caption: caption.trim() });
    if (siteId !== '') query.set('siteId', siteId);
    if (takenOn !== '') query.set('takenOn', takenOn);
    const answer = await send(`/audits/${auditId}/photos?${query}`, {
      method: 'POST',
      text: { body: file, type: file.type || 'image/jpeg' },
    });
    if (!answer.ok) return;
    onChange(answer.value.photos);
    setCaption('');
    setTried(false);
    if (input.current) input.current.value = '';
  };
  const remove = async (photo: Photo): Promise<void> => {
    const answer = await send(`/audit-photos/${photo.id}`, { method: 'DELETE' });
    if (answer.ok) onChange(photos.filter(({ id }) => id !== photo.id));
  };
  const own = photos.filter((photo) => photo.section === section);
  return (
    <div className={styles.form}>
      <h3>{t('dossier.photos')}</h3>
      {own.length === 0 && <p className={styles.note}>{t('dossier.photosNone')}</p>}
      <div className={styles.photos}>
        {own.map((photo) => (
          <figure key={photo.id} className={styles.photo}>
            {/* biome-ignore lint/performance/noImgElement: the bytes come with the visitor's session */}
            <img src={`/api/v1/audit-photos/${photo.id}`} alt={photo.caption} loading="lazy" />
            <figcaption>
              {[
                photo.caption,
                sites.find(({ id }) => id === photo.siteId)?.name,
                photo.takenOn ? formatLocalDate(t.locale, photo.takenOn, 'date') : null,
              ]
                .filter(Boolean)
                .join(' · ')}
            </figcaption>
            <code title={photo.sha256}>
              {t('audit.fingerprint')} {photo.sha256.slice(0, 16)}…
            </code>
            {mayWrite && (
              <Button
                kind="words"
                disabled={isBusy}
                aria-label={t('dossier.removePhoto', { caption: photo.caption })}
                onClick={() => remove(photo)}
              >
                {t('dossier.removeShort')}
              </Button>
            )}
          </figure>
        ))}
      </div>
      {mayWrite && (
        <form onSubmit={add} className={styles.form} noValidate>
          <div className={styles.fields}>
            <Field label={t('dossier.photoFile')} help={t('dossier.photoHelp')}>
              {(control) => (
                <input {...control} ref={input} type="file" accept="image/jpeg,image/png,image/webp" />
              )}
            </Field>
            <Field
              label={t('dossier.caption')}
              error={isTried && caption.trim() === '' ? t('form.required') : null}
            >
              {(control) => (
                <input
                  {...control}
                  value={caption}
                  maxLength={300}
                  onChange={(e) => setCaption(e.target.value)}
                />
              )}
            </Field>
            <Field label={t('dossier.site')}>
              {(control) => (
                <select {...control} value={siteId} onChange={(e) => setSiteId(e.target.value)}>
                  <option value="">{t('dossier.noSite')}</option>
                  {sites.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Field label={t('dossier.takenOn')}>
              {(control) => (
                <input
                  {...control}
                  type="date"
                  value={takenOn}
                  onChange={(e) => setTakenOn(e.target.value)}
                />
              )}
            </Field>
          </div>
          {error && <FormError>{error}</FormError>}
          <div className={styles.buttons}>
            <Button type="submit" disabled={isBusy}>
              {t('dossier.addPhoto')}
            </Button>
          </div>
        </form>
      )}
    </div>
  );
}
