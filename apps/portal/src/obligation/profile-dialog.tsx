'use client';
import { type ObligedUnit, unitProfile } from '@wattproof/contracts/api';
import { accountKinds, carriers, certificateStandards } from '@wattproof/energy';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './obligation.module.css';
import {
  type CertificateDraft,
  draftOf,
  type EnergyDraft,
  isBadNumber,
  type ProfileDraft,
  profileOf,
  usualBasis,
} from './profile-draft.ts';

type Change = (change: Partial<ProfileDraft>) => void;

const replaced = <Item,>(items: readonly Item[], at: number, change: Partial<Item>): Item[] =>
  items.map((item, i) => (i === at ? { ...item, ...change } : item));

/** States what the rules compare: size, energy, certificates, audits. Saved as a whole or not at all. */
export function ProfileDialog({
  unit,
  today,
  currency,
  onClose,
}: {
  readonly unit: ObligedUnit;
  readonly today: string;
  readonly currency: string;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit<ObligedUnit>();
  const [draft, setDraft] = useState(() => draftOf(unit, today, currency));
  const [fault, setFault] = useState<string | null>(null);
  const change: Change = (part) => setDraft((before) => ({ ...before, ...part }));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const profile = profileOf(draft);
    const checked = profile && unitProfile.safeParse(profile);
    const [issue] = checked && !checked.success ? checked.error.issues : [];
    setFault(
      profile === null
        ? t('obligation.badNumber')
        : issue
          ? `${issue.path.join('.')}: ${issue.message}`
          : null,
    );
    if (!checked?.success) return;
    const answer = await send(`/obligations/${unit.id}/profile`, { method: 'PUT', json: checked.data });
    if (!answer.ok) return;
    router.refresh();
    onClose();
  };
  return (
    <Dialog title={t('obligation.edit')} onClose={onClose} isWide>
      <form onSubmit={submit} className={styles.form}>
        <SizeFields draft={draft} change={change} />
        <EnergyFields draft={draft} change={change} today={today} />
        <CertificateFields draft={draft} change={change} />
        <OtherFields draft={draft} change={change} />
        {(fault || error) && <FormError>{fault ?? error}</FormError>}
        <DialogButtons>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {t('obligation.save')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  readonly draft: ProfileDraft;
  readonly change: Change;
}

function NumberField({
  label,
  value,
  unit,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  readonly onChange: (value: string) => void;
}) {
  const t = useTranslator();
  return (
    <Field label={label} unit={unit} error={isBadNumber(value) ? t('obligation.badNumber') : null}>
      {(control) => (
        <input {...control} inputMode="decimal" value={value} onChange={(e) => onChange(e.target.value)} />
      )}
    </Field>
  );
}

function SizeFields({ draft, change }: FieldsProps) {
  const t = useTranslator();
  return (
    <fieldset className={styles.group}>
      <legend>{t('obligation.size')}</legend>
      {draft.years.map((y, i) => {
        const set = (part: Partial<typeof y>): void => change({ years: replaced(draft.years, i, part) });
        return (
          <div key={y.year} className={styles.row}>
            <NumberField
              label={`${t('obligation.staff')} ${y.year}`}
              unit={t('obligation.persons')}
              value={y.staff}
              onChange={(staff) => set({ staff })}
            />
            <NumberField
              label={`${t('obligation.turnover')} ${y.year}`}
              unit={y.currency}
              value={y.turnover}
              onChange={(turnover) => set({ turnover })}
            />
            <NumberField
              label={`${t('obligation.balance')} ${y.year}`}
              unit={y.currency}
              value={y.balance}
              onChange={(balance) => set({ balance })}
            />
          </div>
        );
      })}
    </fieldset>
  );
}

function EnergyFields({ draft, change, today }: FieldsProps & { readonly today: string }) {
  const t = useTranslator();
  const thisYear = Number(today.slice(0, 4));
  const years = [thisYear - 3, thisYear - 2, thisYear - 1];
  const set = (at: number, part: Partial<EnergyDraft>): void =>
    change({ energy: replaced(draft.energy, at, part) });
  const add = (): void =>
    change({
      energy: [
        ...draft.energy,
        {
          key: Math.max(-1, ...draft.energy.map(({ key }) => key)) + 1,
          year: thisYear - 1,
          carrier: 'electricity',
          kind: 'purchased',
          energy_kwh: '',
          calorificBasis: 'none',
          source: '',
        },
      ],
    });
  return (
    <fieldset className={styles.group}>
      <legend>{t('obligation.energyRows')}</legend>
      <p className={styles.note}>{t('obligation.energyRowsHelp')}</p>
      {draft.energy.map((row, i) => (
        <div key={row.key} className={styles.row}>
          <Field label={t('obligation.year')}>
            {(control) => (
              <select
                {...control}
                value={row.year}
                onChange={(e) => set(i, { year: Number(e.target.value) })}
              >
                {[...new Set([...years, row.year])].map((year) => (
                  <option key={year}>{year}</option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t('obligation.carrier')}>
            {(control) => (
              <select
                {...control}
                value={row.carrier}
                onChange={(e) => {
                  const carrier = e.target.value as EnergyDraft['carrier'];
                  set(i, { carrier, calorificBasis: usualBasis(carrier) });
                }}
              >
                {carriers.map((carrier) => (
                  <option key={carrier} value={carrier}>
                    {t(`carrier.${carrier}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t('obligation.rowKind')}>
            {(control) => (
              <select
                {...control}
                value={row.kind}
                onChange={(e) => set(i, { kind: e.target.value as EnergyDraft['kind'] })}
              >
                {accountKinds.map((kind) => (
                  <option key={kind} value={kind}>
                    {t(`accountKind.${kind}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <NumberField
            label={t('obligation.kwh')}
            unit="kWh"
            value={row.energy_kwh}
            onChange={(energy_kwh) => set(i, { energy_kwh })}
          />
          <Field label={t('obligation.rowSource')}>
            {(control) => (
              <input
                {...control}
                value={row.source}
                required
                onChange={(e) => set(i, { source: e.target.value })}
              />
            )}
          </Field>
          <Button
            kind="words"
            onClick={() => change({ energy: draft.energy.filter((other) => other.key !== row.key) })}
          >
            {t('obligation.removeRow')}
          </Button>
        </div>
      ))}
      <div className={styles.actions}>
        <Button onClick={add}>{t('obligation.addRow')}</Button>
        {years.map((year) => (
          <label key={year} className={styles.check}>
            <input
              type="checkbox"
              checked={draft.wholeYears.includes(year)}
              onChange={(e) =>
                change({
                  wholeYears: e.target.checked
                    ? [...draft.wholeYears, year].sort()
                    : draft.wholeYears.filter((y) => y !== year),
                })
              }
            />
            {t('obligation.isWhole', { year: String(year) })}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function CertificateFields({ draft, change }: FieldsProps) {
  const t = useTranslator();
  const set = (at: number, part: Partial<CertificateDraft>): void =>
    change({ certificates: replaced(draft.certificates, at, part) });
  return (
    <fieldset className={styles.group}>
      <legend>{t('obligation.certificates')}</legend>
      {draft.certificates.map((c, i) => (
        <div key={c.key} className={styles.row}>
          <Field label={t('obligation.standard')}>
            {(control) => (
              <select
                {...control}
                value={c.standard}
                onChange={(e) => set(i, { standard: e.target.value as CertificateDraft['standard'] })}
              >
                {certificateStandards.map((standard) => (
                  <option key={standard} value={standard}>
                    {t(`obligation.standard.${standard}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t('obligation.certificateNumber')}>
            {(control) => (
              <input
                {...control}
                value={c.number}
                required
                onChange={(e) => set(i, { number: e.target.value })}
              />
            )}
          </Field>
          <Field label={t('obligation.validFrom')}>
            {(control) => (
              <input
                {...control}
                type="date"
                required
                value={c.validFrom}
                onChange={(e) => set(i, { validFrom: e.target.value })}
              />
            )}
          </Field>
          <Field label={t('obligation.validTo')}>
            {(control) => (
              <input
                {...control}
                type="date"
                required
                value={c.validTo}
                onChange={(e) => set(i, { validTo: e.target.value })}
              />
            )}
          </Field>
          <NumberField
            label={t('obligation.covered')}
            unit="kWh"
            value={c.covered}
            onChange={(covered) => set(i, { covered })}
          />
          <NumberField
            label={t('obligation.ofTotal')}
            unit="kWh"
            value={c.total}
            onChange={(total) => set(i, { total })}
          />
          <label className={styles.check}>
            <input
              type="checkbox"
              checked={c.includesAnnexViAudit}
              onChange={(e) => set(i, { includesAnnexViAudit: e.target.checked })}
            />
            {t('obligation.annexVi')}
          </label>
          <Button
            kind="words"
            onClick={() =>
              change({ certificates: draft.certificates.filter((other) => other.key !== c.key) })
            }
          >
            {t('obligation.removeRow')}
          </Button>
        </div>
      ))}
      <div className={styles.actions}>
        <Button
          onClick={() =>
            change({
              certificates: [
                ...draft.certificates,
                {
                  key: Math.max(-1, ...draft.certificates.map(({ key }) => key)) + 1,
                  standard: 'iso50001',
                  number: '',
                  validFrom: '',
                  validTo: '',
                  includesAnnexViAudit: false,
                  covered: '',
                  total: '',
                },
              ],
            })
          }
        >
          {t('obligation.addRow')}
        </Button>
      </div>
    </fieldset>
  );
}

function OtherFields({ draft, change }: FieldsProps) {
  const t = useTranslator();
  return (
    <fieldset className={styles.group}>
      <legend>{t('obligation.audits')}</legend>
      <div className={styles.row}>
        {[...draft.audits, ''].map((audit, i) => (
          <Field
            // biome-ignore lint/suspicious/noArrayIndexKey: dates may repeat while one types
            key={i}
            label={t('obligation.auditDay')}
          >
            {(control) => (
              <input
                {...control}
                type="date"
                value={audit}
                onChange={(e) =>
                  change({
                    audits: [
                      ...draft.audits.slice(0, i),
                      e.target.value,
                      ...draft.audits.slice(i + 1),
                    ].filter(Boolean),
                  })
                }
              />
            )}
          </Field>
        ))}
      </div>
      <div className={styles.row}>
        <Field label={t('obligation.obligedSince')} help={t('obligation.obligedSinceHelp')}>
          {(control) => (
            <input
              {...control}
              type="date"
              value={draft.obligedSince}
              onChange={(e) => change({ obligedSince: e.target.value })}
            />
          )}
        </Field>
        <Field label={t('obligation.intensive')}>
          {(control) => (
            <select
              {...control}
              value={draft.intensive}
              onChange={(e) => change({ intensive: e.target.value as ProfileDraft['intensive'] })}
            >
              {(['unknown', 'yes', 'no'] as const).map((value) => (
                <option key={value} value={value}>
                  {t(`obligation.intensive.${value}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('obligation.reminderDays')} help={t('obligation.reminderHelp')}>
          {(control) => (
            <input
              {...control}
              value={draft.reminders}
              onChange={(e) => change({ reminders: e.target.value })}
            />
          )}
        </Field>
      </div>
      <Field label={t('obligation.note')}>
        {(control) => (
          <textarea
            {...control}
            value={draft.note}
            maxLength={2000}
            onChange={(e) => change({ note: e.target.value })}
          />
        )}
      </Field>
    </fieldset>
  );
}
