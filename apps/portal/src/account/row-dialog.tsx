'use client';
import { type EnergyAccount, newAccountRow } from '@wattproof/contracts/api';
import { accountKinds, carriers } from '@wattproof/energy';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { plainText } from '../form/parse-number.ts';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { addDays } from '../shell/period.ts';
import styles from './account.module.css';

const kinds = accountKinds.filter((kind) => kind !== 'purchased' && kind !== 'received');
const calorificBases = ['none', 'gross', 'net'] as const;

interface RowDraft {
  readonly legalEntityId: string;
  readonly kind: string;
  readonly carrier: string;
  readonly siteId: string;
  readonly by: 'meter' | 'document';
  readonly meterId: string;
  readonly energy: string;
  readonly calorificBasis: string;
  readonly validFrom: string;
  readonly lastDay: string;
  readonly limit: string;
  readonly counterpart: string;
  readonly reason: string;
  readonly source: string;
}

/** A row of the account that no bill states: by a meter, or by a document for some days. */
export function RowDialog({
  account,
  entityId,
  onClose,
}: {
  readonly account: EnergyAccount;
  readonly entityId: string;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const [faults, setFaults] = useState<readonly { readonly path: string; readonly message: string }[]>([]);
  const [draft, setDraft] = useState<RowDraft>({
    legalEntityId: entityId || (account.legalEntities[0]?.id ?? ''),
    kind: 'selfConsumed',
    carrier: 'pv',
    siteId: '',
    by: 'document',
    meterId: '',
    energy: '',
    calorificBasis: 'none',
    validFrom: '',
    lastDay: '',
    limit: '',
    counterpart: '',
    reason: '',
    source: '',
  });
  const set = (part: Partial<RowDraft>): void => setDraft((before) => ({ ...before, ...part }));
  const orNull = (text: string): string | null => (text.trim() === '' ? null : text);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const isMeter = draft.by === 'meter';
    const wish = newAccountRow.safeParse({
      legalEntityId: draft.legalEntityId,
      kind: draft.kind,
      carrier: draft.carrier,
      siteId: orNull(draft.siteId),
      meterId: isMeter && draft.meterId !== '' ? Number(draft.meterId) : null,
      energy_kwh: isMeter ? null : orNull(plainText(draft.energy)),
      calorificBasis: draft.calorificBasis,
      validFrom: orNull(draft.validFrom),
      validTo: draft.lastDay === '' ? null : addDays(draft.lastDay, 1),
      limit_percent: orNull(plainText(draft.limit)),
      counterpartEntityId: draft.kind === 'passedOn' ? orNull(draft.counterpart) : null,
      reason: draft.reason,
      source: draft.source,
    });
    setFaults(
      wish.success
        ? []
        : wish.error.issues.map(({ path, message }) => ({ path: String(path[0] ?? ''), message })),
    );
    if (!wish.success) return;
    const answer = await send('/account-rows', { method: 'POST', json: wish.data });
    if (!answer.ok) return;
    router.refresh();
    onClose();
  };
  const faultOf = (...names: readonly string[]): string | null => {
    const fault = faults.find(({ path }) => names.includes(path));
    return fault ? t('form.required') : null;
  };
  const meters = account.meters.filter(
    (m) => m.carrier === draft.carrier && (draft.siteId === '' || m.siteId === draft.siteId),
  );
  const select = (
    name: keyof RowDraft,
    label: string,
    options: readonly (readonly [value: string, text: string])[],
  ) => (
    <Field label={label} error={faultOf(name)}>
      {(control) => (
        <select {...control} value={draft[name]} onChange={(e) => set({ [name]: e.target.value })}>
          {options.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  const input = (
    name: keyof RowDraft,
    label: string,
    { type = 'text', unit, paths = [name] }: { type?: 'text' | 'date'; unit?: string; paths?: string[] } = {},
  ) => (
    <Field label={label} unit={unit} error={faultOf(...paths)}>
      {(control) => (
        <input
          {...control}
          type={type}
          value={draft[name]}
          maxLength={500}
          onChange={(e) => set({ [name]: e.target.value })}
        />
      )}
    </Field>
  );
  return (
    <Dialog title={t('account.addRow')} onClose={onClose} isWide>
      <form onSubmit={submit} noValidate>
        <div className={styles.fields}>
          {select(
            'legalEntityId',
            t('account.entity'),
            account.legalEntities.map((e) => [e.id, e.name]),
          )}
          {select(
            'kind',
            t('account.kind'),
            kinds.map((kind) => [kind, t(`accountKind.${kind}`)]),
          )}
          {select(
            'carrier',
            t('account.carrier'),
            carriers.filter((c) => c !== 'water').map((c) => [c, t(`carrier.${c}`)]),
          )}
          {select('siteId', t('account.site'), [
            ['', t('account.noSite')],
            ...account.sites.map((s): [string, string] => [s.id, s.name]),
          ])}
          {draft.kind === 'passedOn' &&
            select('counterpart', t('account.counterpart'), [
              ['', t('account.outside')],
              ...account.legalEntities
                .filter((e) => e.id !== draft.legalEntityId)
                .map((e): [string, string] => [e.id, e.name]),
            ])}
          {select('by', t('account.energyOf'), [
            ['document', t('account.byDocument')],
            ['meter', t('account.byMeter')],
          ])}
          {draft.by === 'meter' ? (
            <Field label={t('account.meter')} error={faultOf('meterId', 'energy_kwh')}>
              {(control) => (
                <select {...control} value={draft.meterId} onChange={(e) => set({ meterId: e.target.value })}>
                  <option value="">{meters.length === 0 ? t('account.meterNone') : '–'}</option>
                  {meters.map((m) => (
                    <option key={m.id} value={m.id}>
                      {m.name}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          ) : (
            input('energy', t('account.energy'), { unit: 'kWh', paths: ['energy_kwh'] })
          )}
          {select(
            'calorificBasis',
            t('account.calorific'),
            calorificBases.map((basis) => [basis, t(`account.calorific.${basis}`)]),
          )}
          {input('validFrom', t('account.validFrom'), { type: 'date' })}
          {input('lastDay', t('account.lastDay'), { type: 'date', paths: ['validTo'] })}
          {input('limit', t('account.limit'), { unit: '%', paths: ['limit_percent'] })}
          {input('source', t('account.source'))}
          {input('reason', t('account.reason'))}
        </div>
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {t('account.save')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
