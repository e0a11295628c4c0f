'use client';
import type { Me, Members } from '@wattproof/contracts/api';
import { formatInstant } from '@wattproof/messages';
import { Section } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './settings.module.css';

type Person = Members['members'][number];

export function People({
  people,
  sites,
  timeZone,
}: {
  readonly people: readonly Person[];
  readonly sites: Me['sites'];
  readonly timeZone: string;
}) {
  const t = useTranslator();
  const siteNames = (p: Person): string =>
    p.siteIds === null
      ? t('settings.allSites')
      : p.siteIds.map((id) => sites.find((s) => s.id === id)?.name ?? id).join(', ');
  const since = (p: Person): string => formatInstant(t.locale, timeZone, p.createdAt, 'date');
  const role = (p: Person): string => t(`role.${p.role}`);
  const columns: Column<Person>[] = [
    {
      id: 'name',
      head: t('settings.name'),
      phone: 'title',
      cell: (p) => p.displayName,
      sort: (p) => p.displayName,
      text: (p) => p.displayName,
    },
    {
      id: 'email',
      head: t('settings.email'),
      cell: (p) => <span className={styles.code}>{p.email}</span>,
      sort: (p) => p.email,
      text: (p) => p.email,
    },
    { id: 'role', head: t('settings.roleColumn'), cell: role, sort: role, text: role },
    { id: 'sites', head: t('settings.sites'), cell: siteNames, sort: siteNames, text: siteNames },
    { id: 'since', head: t('settings.since'), cell: since, sort: (p) => p.createdAt, text: since },
  ];
  return (
    <Section title={t('settings.people')} basis={t('settings.peopleBasis')} className={styles.section}>
      <DataTable
        id="people"
        name={t('settings.people')}
        columns={columns}
        rows={people}
        rowKey={(p) => p.id}
        withTools={people.length > 6}
      />
    </Section>
  );
}
