'use client';
import type { ApiKeys } from '@wattproof/contracts/api';
import { formatInstant } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { ApiKeyForm } from './api-key-form.tsx';
import styles from './settings.module.css';

type ApiKey = ApiKeys['apiKeys'][number];

/** Keys of programs, without their secrets. */
export function ApiKeyList({
  keys,
  timeZone,
  mayWrite,
  apiUrl,
  now,
}: {
  readonly keys: readonly ApiKey[];
  readonly timeZone: string;
  readonly mayWrite: boolean;
  readonly apiUrl: string;
  readonly now: string;
}) {
  const t = useTranslator();
  const [isMaking, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<ApiKey | null>(null);
  const date = (at: string): string => formatInstant(t.locale, timeZone, at, 'date');
  const isExpired = (k: ApiKey): boolean =>
    k.expiresAt !== null && Date.parse(k.expiresAt) <= Date.parse(now);
  const isDead = (k: ApiKey): boolean => k.revokedAt !== null || isExpired(k);
  const state = (k: ApiKey): string =>
    k.revokedAt
      ? t('settings.revoked', { date: date(k.revokedAt) })
      : k.expiresAt
        ? t(isExpired(k) ? 'settings.expired' : 'settings.expires', { date: date(k.expiresAt) })
        : t('settings.valid');
  const scopes = (k: ApiKey): string => k.scopes.map((s) => t(`settings.scope.${s}`)).join(', ');
  const columns: Column<ApiKey>[] = [
    {
      id: 'name',
      head: t('settings.name'),
      phone: 'title',
      cell: (k) => k.name,
      sort: (k) => k.name,
      text: (k) => k.name,
    },
    {
      id: 'key',
      head: t('settings.key'),
      cell: (k) => <span className={styles.code}>{`${k.prefix}…`}</span>,
      text: (k) => k.prefix,
    },
    { id: 'scopes', head: t('settings.scopes'), cell: scopes, sort: scopes, text: scopes },
    {
      id: 'created',
      head: t('settings.created'),
      cell: (k) => date(k.createdAt),
      sort: (k) => k.createdAt,
      text: (k) => k.createdAt,
    },
    {
      id: 'used',
      head: t('settings.lastUsed'),
      cell: (k) =>
        k.lastUsedAt ? formatInstant(t.locale, timeZone, k.lastUsedAt, 'dateTimeShort') : t('settings.never'),
      sort: (k) => k.lastUsedAt,
      text: (k) => k.lastUsedAt ?? '',
    },
    { id: 'state', head: t('settings.state'), cell: state, sort: state, text: state },
    ...(mayWrite
      ? [
          {
            id: 'action',
            head: t('table.actions'),
            isHeadHidden: true,
            align: 'right' as const,
            proof: 'inCell' as const,
            cell: (k: ApiKey) =>
              !isDead(k) && (
                <Button
                  kind="words"
                  onClick={() => setRevoked(k)}
                  aria-label={`${t('settings.revoke')}: ${k.name}`}
                >
                  {t('settings.revoke')}
                </Button>
              ),
          },
        ]
      : []),
  ];
  return (
    <Section
      title={t('settings.keys')}
      subject={t('settings.keysBasis')}
      basis={
        mayWrite ? (
          <Button kind="words" onClick={() => setMaking(true)}>
            {t('settings.newKey')}
          </Button>
        ) : undefined
      }
      className={styles.section}
    >
      <DataTable
        id="keys"
        name={t('settings.keys')}
        columns={columns}
        rows={keys}
        rowKey={(k) => k.id}
        rowState={(k) => (isDead(k) ? 'muted' : undefined)}
        withTools={keys.length > 6}
        empty={`${t('settings.keysNone')} ${t('settings.noKeys')}`}
      />
      {isMaking && <ApiKeyForm apiUrl={apiUrl} onClose={() => setMaking(false)} />}
      {revoked && <RevokeDialog apiKey={revoked} onClose={() => setRevoked(null)} />}
    </Section>
  );
}

function RevokeDialog({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit<ApiKey>();
  return (
    <Dialog title={t('settings.revokeTitle', { name: apiKey.name })} onClose={onClose}>
      <p>{t('settings.revokeText')}</p>
      {error && <FormError>{error}</FormError>}
      <DialogButtons>
        <Button
          kind="destructive"
          disabled={isBusy}
          onClick={async () => {
            const answer = await send(`/api-keys/${apiKey.id}`, { method: 'DELETE' });
            if (!answer.ok) return;
            onClose();
            router.refresh();
          }}
        >
          {t('settings.revoke')}
        </Button>
        <Button onClick={onClose}>{t('form.cancel')}</Button>
      </DialogButtons>
    </Dialog>
  );
}
