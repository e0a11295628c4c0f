'use client';
import type { CatalogueProfile } from '@wattproof/contracts/api';
import { registerNames } from '@wattproof/devices';
import { measurandText } from '@wattproof/messages';
import { Trust } from '../figure/trust.tsx';
import { Dialog } from '../form/dialog.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './catalogue.module.css';
import { languageOf, settingsText } from './catalogue-text.ts';

/** A register map: where it comes from, its limits, its registers with number, address and hexadecimal address. */
export function ProfileDialog({
  profile,
  onClose,
}: {
  readonly profile: CatalogueProfile;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const language = languageOf(profile.id);
  const [input] = profile.inputs;
  // The inputs of a device are laid out alike: the first stands for all.
  const points = profile.points
    .filter((point) => point.input === null || point.input === input)
    .toSorted((a, b) => a.address - b.address);
  return (
    <Dialog title={<span lang={language}>{profile.title}</span>} isWide onClose={onClose}>
      {profile.notice && (
        <p className={styles.notice} lang={language}>
          {profile.notice}
        </p>
      )}
      <dl className={styles.facts}>
        <dt>{t('catalogue.trust')}</dt>
        <dd>
          <Trust rung={profile.trust} t={t} />
        </dd>
        <dt>{t('catalogue.models')}</dt>
        <dd>{profile.models.join(', ')}</dd>
        <dt>{t('catalogue.source')}</dt>
        <dd lang={language}>{profile.source}</dd>
        <dt>{t('catalogue.limits')}</dt>
        <dd>
          {t('catalogue.limitsText', {
            code: profile.functionCode,
            words: profile.maxWords,
            gap: profile.minimumGap_ms,
          })}
        </dd>
        <dt>{t('catalogue.settings')}</dt>
        <dd>{settingsText(t, profile.communication)}</dd>
        {profile.inputs.length > 0 && (
          <>
            <dt>{t('catalogue.measures')}</dt>
            <dd>{t('catalogue.inputs', { count: profile.inputs.length })}</dd>
          </>
        )}
        {profile.writablePoints.length > 0 && (
          <>
            <dt>{t('catalogue.writable')}</dt>
            <dd>{profile.writablePoints.join(', ')}</dd>
          </>
        )}
      </dl>
      <table className={styles.points}>
        <caption className="visually-hidden">{t('catalogue.points')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('catalogue.pointAddress')}</th>
            <th scope="col">{t('catalogue.pointType')}</th>
            <th scope="col">{t('catalogue.pointMeaning')}</th>
          </tr>
        </thead>
        <tbody>
          {points.map((point) => {
            const names = registerNames(point.address);
            return (
              <tr key={point.key}>
                <td className={styles.number}>{`${names.address}, ${names.hexadecimal}`}</td>
                <td className={styles.number}>{point.type}</td>
                <td>
                  {point.measurands.length > 0
                    ? point.measurands.map((m) => measurandText(t, m)).join(' / ')
                    : `${point.key}, ${t('catalogue.attribute')}`}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Dialog>
  );
}
