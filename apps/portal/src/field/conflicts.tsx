'use client';
import type { DecideReadingConflicts, ReadingConflict } from '@wattproof/contracts/api';
import { formatInstant, formatMeasurand, measurandText, quantityText } from '@wattproof/messages';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { FormError } from '../form/field.tsx';
import { ReasonField } from '../form/reason-field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { sitePath } from '../shell/place.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './field.module.css';

/** The contract's limit of one decision. */
const mostAtOnce = 500;

/** Instants that came again with another value: the stored one stays until a person says otherwise. */
export function Conflicts({
  conflicts,
  open,
  timeZoneOf,
  mayWrite,
}: {
  readonly conflicts: readonly ReadingConflict[];
  readonly open: number;
  readonly timeZoneOf: (siteId: string) => string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const router = useRouter();
  const [deciding, setDeciding] = useState<readonly ReadingConflict[] | null>(null);
  const value = (c: ReadingConflict, which: 'stored' | 'arrived'): string =>
    quantityText(formatMeasurand(t.locale, c[which], c.measurand));
  const at = (c: ReadingConflict): string => formatInstant(t.locale, timeZoneOf(c.siteId), c.at, 'dateTime');
  const name = (c: ReadingConflict): string => measurandText(t, c.measurand);
  const columns: Column<ReadingConflict>[] = [
    {
      id: 'meter',
      head: t('field.device'),
      phone: 'title',
      cell: (c) => (
        <span className={styles.name}>
          <Link href={sitePath(c.siteId, `/meters/${c.meterId}`)} prefetch={false}>
            {c.meterName}
          </Link>
          <small>{c.siteName}</small>
        </span>
      ),
      sort: (c) => c.meterName,
      text: (c) => c.meterName,
    },
    { id: 'at', head: t('chart.time'), cell: at, sort: (c) => c.at, text: (c) => c.at },
    { id: 'measurand', head: t('meter.measurand'), cell: name, sort: name, text: name },
    ...(['stored', 'arrived'] as const).map(
      (which): Column<ReadingConflict> => ({
        id: which,
        head: t(`field.value.${which}`),
        align: 'right',
        proof: { without: 'operation' },
        cell: (c) => value(c, which),
        sort: (c) => c[which],
        text: (c) => value(c, which),
      }),
    ),
    ...(mayWrite
      ? [
          {
            id: 'act',
            head: t('table.actions'),
            isHeadHidden: true,
            align: 'right' as const,
            proof: 'inCell' as const,
            cell: (c: ReadingConflict) => (
              <Button kind="words" onClick={() => setDeciding([c])}>
                {t('field.decide')}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <Section
      title={t('field.conflicts')}
      subject={t('field.conflictsSubject', { open })}
      basis={
        mayWrite && conflicts.length > 1 ? (
          <Button kind="words" onClick={() => setDeciding(conflicts.slice(0, mostAtOnce))}>
            {t('field.decideAll', { count: Math.min(mostAtOnce, conflicts.length) })}
          </Button>
        ) : (
          t('field.conflictsBasis')
        )
      }
    >
      <DataTable
        id="conflicts"
        name={t('field.conflicts')}
        columns={columns}
        rows={conflicts}
        rowKey={(c) => c.id}
        withTools={conflicts.length > 6}
      />
      {deciding && (
        <ConflictDialog
          conflicts={deciding}
          onDecided={() => {
            setDeciding(null);
            router.refresh();
          }}
          onClose={() => setDeciding(null)}
        />
      )}
    </Section>
  );
}

function ConflictDialog({
  conflicts,
  onDecided,
  onClose,
}: {
  readonly conflicts: readonly ReadingConflict[];
  readonly onDecided: () => void;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const { isBusy, error, send } = useSubmit();
  const [decision, setDecision] = useState<'keep' | 'replace'>('keep');
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (reason.trim() === '') return;
    const wish: DecideReadingConflicts = { ids: conflicts.map((c) => c.id), decision, reason: reason.trim() };
    const answer = await send('/reading-conflicts/decide', { method: 'POST', json: wish });
    if (answer.ok) onDecided();
  };
  return (
    <Dialog title={t('field.conflictTitle', { count: conflicts.length })} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <fieldset className={styles.choices}>
          <legend className="visually-hidden">{t('field.decide')}</legend>
          {(['keep', 'replace'] as const).map((d) => (
            <label key={d}>
              <input type="radio" name="decision" checked={decision === d} onChange={() => setDecision(d)} />
              {t(`field.conflictDecision.${d}`)}
            </label>
          ))}
        </fieldset>
        <ReasonField
          reason={reason}
          help={t('field.reasonHelp')}
          isMissing={isTried && reason.trim() === ''}
          onChange={setReason}
        />
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {t('field.decideConflicts', { count: conflicts.length })}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
