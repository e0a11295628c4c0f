'use client';
import type { Meter } from '@wattproof/contracts/api';
import { usePathname, useRouter } from 'next/navigation';
import { useEffect, useMemo, useRef, useState } from 'react';
import { request } from '../api/client.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './palette.module.css';
import { places, siteIdOf, sitePath, siteViews } from './place.ts';
import type { Visitor } from './shell.tsx';

interface Entry {
  readonly group: string;
  readonly label: string;
  readonly note: string;
  readonly href: string;
}

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Reaches every page, site and meter by name: Ctrl K. */
export function Palette({
  visitor,
  isOpen,
  onOpenChange,
}: {
  readonly visitor: Visitor;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const pathname = usePathname();
  const dialog = useRef<HTMLDialogElement>(null);
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const siteId = siteIdOf(pathname) ?? visitor.sites[0]?.id ?? null;
  const meters = useMeters(isOpen, siteId);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        onOpenChange(true);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onOpenChange]);

  useEffect(() => {
    if (isOpen && !dialog.current?.open) {
      setQuery('');
      setChosen(0);
      dialog.current?.showModal();
    }
    if (!isOpen) dialog.current?.close();
  }, [isOpen]);

  const entries = useMemo((): Entry[] => {
    const site = visitor.sites.find((s) => s.id === siteId);
    return [
      ...places
        .filter((p) => !p.isOfSite && (p.permission === null || visitor.permissions.includes(p.permission)))
        .flatMap((p) => [
          { group: t('palette.pages'), label: t(p.key), note: '', href: p.path },
          ...(p.views ?? []).slice(1).map((view) => ({
            group: t('palette.pages'),
            label: `${t(p.key)}, ${t(view.key)}`,
            note: '',
            href: view.path,
          })),
        ]),
      ...visitor.sites.flatMap((s) =>
        siteViews.map((view) => ({
          group: t('palette.sites'),
          label: view.path === '' ? s.name : `${s.name}, ${t(view.key)}`,
          note: s.legalEntityName,
          href: sitePath(s.id, view.path),
        })),
      ),
      ...meters.map((m) => ({
        group: t('palette.meters', { site: site?.name ?? '' }),
        label: m.name,
        note: m.serialNumber,
        href: sitePath(m.siteId, `/meters/${m.id}`),
      })),
    ];
  }, [t, visitor, siteId, meters]);

  const words = plain(query).split(' ').filter(Boolean);
  const found = entries
    .filter((e) => {
      const text = plain(`${e.label} ${e.note}`);
      return words.every((w) => text.includes(w));
    })
    .slice(0, 40);
  const open = (entry: Entry | undefined): void => {
    if (!entry) return;
    onOpenChange(false);
    router.push(entry.href);
  };
  return (
    <dialog
      ref={dialog}
      className={styles.palette}
      aria-label={t('palette.title')}
      onClose={() => onOpenChange(false)}
      onClick={(event) => event.target === dialog.current && onOpenChange(false)}
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
          event.preventDefault();
          const step = event.key === 'ArrowDown' ? 1 : -1;
          setChosen((at) => (at + step + found.length) % Math.max(1, found.length));
        }
        if (event.key === 'Enter') {
          event.preventDefault();
          open(found[chosen]);
        }
      }}
    >
      <input
        autoFocus
        className={styles.input}
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found.length > 0 ? `palette-${chosen}` : undefined}
        aria-label={t('shell.search')}
        placeholder={t('shell.search')}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setChosen(0);
        }}
      />
      <div className={styles.list} id="palette-list" role="listbox" aria-label={t('palette.title')}>
        {found.map((entry, i) => (
          <div key={`${entry.href} ${entry.label}`} role="presentation">
            {entry.group !== found[i - 1]?.group && (
              <div className={styles.group} role="presentation">
                {entry.group}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the combobox handles the keys */}
            <div
              id={`palette-${i}`}
              role="option"
              aria-selected={i === chosen}
              tabIndex={-1}
              className={styles.entry}
              ref={i === chosen ? (node) => node?.scrollIntoView({ block: 'nearest' }) : undefined}
              onClick={() => open(entry)}
            >
              <span>{entry.label}</span>
              <small>{entry.note}</small>
            </div>
          </div>
        ))}
      </div>
      <p className={styles.hint} role="status">
        {found.length === 0 ? t('palette.empty', { query }) : t('palette.hint')}
      </p>
    </dialog>
  );
}

/** The meters of the site one is looking at, fetched when the palette is first opened there. */
function useMeters(isOpen: boolean, siteId: string | null): readonly Meter[] {
  const [loaded, setLoaded] = useState<{ siteId: string; meters: readonly Meter[] } | null>(null);
  useEffect(() => {
    if (!isOpen || !siteId || loaded?.siteId === siteId) return;
    const abort = new AbortController();
    void request<{ meters: Meter[] }>(`/sites/${siteId}/structure`, { signal: abort.signal }).then(
      (answer) => {
        if (answer.ok) setLoaded({ siteId, meters: answer.value.meters });
      },
    );
    return () => abort.abort();
  }, [isOpen, siteId, loaded]);
  return loaded?.siteId === siteId ? loaded.meters : [];
}
