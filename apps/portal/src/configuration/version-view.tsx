'use client';
import type { ConfigurationVersionDetail, Gateway } from '@wattproof/contracts/api';
import { formatInstant } from '@wattproof/messages';
import Link from 'next/link';
import { Section, Verdict } from '../figure/section.tsx';
import { LinkButton } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Changes } from './changes.tsx';
import styles from './configuration.module.css';
import { returnText } from './finding-text.ts';
import { LineEditor } from './line-editor.tsx';
import type { Choices } from './plan.ts';

/** One version of a configuration: what became of it, what it changed, what it holds. */
export function VersionView({
  gateway,
  detail: { version, plan, against, diff },
  choices,
  timeZone,
  mayWrite,
}: {
  readonly gateway: Gateway;
  readonly detail: ConfigurationVersionDetail;
  readonly choices: Choices;
  readonly timeZone: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const path = `/field/${encodeURIComponent(gateway.id)}/configuration`;
  return (
    <>
      <Verdict
        title={t('configuration.versionTitle', { version: version.version, name: gateway.name })}
        aside={
          mayWrite &&
          gateway.kind === 'edge' && (
            <LinkButton href={`${path}?from=${version.version}`}>{t('configuration.startFrom')}</LinkButton>
          )
        }
      >
        {t('configuration.versionLead', {
          note: version.note || '—',
          by: version.sentBy ?? version.createdBy,
          at: version.sentAt ? formatInstant(t.locale, timeZone, version.sentAt, 'dateTime') : '—',
        })}{' '}
        <span className={version.state === 'returned' ? styles.warn : undefined}>
          {t(`configuration.state.${version.state}`)}
          {version.reason ? `: ${returnText(t, version)}` : ''}
        </span>{' '}
        <Link href={path}>{t('configuration.all')}</Link>
      </Verdict>
      <div className={styles.sections}>
        <Section
          proof={{ without: 'stated' }}
          title={t('configuration.changed')}
          basis={
            against === null
              ? t('configuration.changesFirst')
              : t('configuration.changesBasis', { version: against })
          }
        >
          <Changes diff={diff} choices={choices} />
        </Section>
        <Section
          proof={{ without: 'stated' }}
          title={t('configuration.held')}
          basis={`${t('configuration.pollPeriod')} ${plan.pollPeriod_s} s`}
        >
          {plan.lines.map((line) => (
            <LineEditor
              key={line.key}
              plan={plan}
              line={line}
              choices={choices}
              isLocked
              onChange={() => undefined}
              onRemove={() => undefined}
            />
          ))}
        </Section>
      </div>
    </>
  );
}
