'use client';
import type { EnergyAccount } from '@wattproof/contracts/api';
import { carriers } from '@wattproof/energy';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './account.module.css';

/** Registers where energy is bought. */
export function PointDialog({
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
  const { isBusy, error, problem, send } = useSubmit();
  const [draft, setDraft] = useState({
    legalEntityId: entityId || (account.legalEntities[0]?.id ?? ''),
    siteId: '',
    carrier: 'electricity',
    isFleet: false,
    code: '',
    name: '',
    validFrom: '',
  });
  const set = (part: Partial<typeof draft>): void => setDraft((before) => ({ ...before, ...part }));
  const sites = account.sites.filter((s) => s.legalEntityId === draft.legalEntityId);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { siteId, isFleet, ...rest } = draft;
    const answer = await send('/delivery-points', {
      method: 'POST',
      json: { ...rest, siteId: siteId === '' ? null : siteId, energyUse: isFleet ? 'transport' : null },
    });
    if (!answer.ok) return;
    router.refresh();
    onClose();
  };
  const text = (name: 'code' | 'name', label: string) => (
    <Field label={label}>
      {(control) => (
        <input
          {...control}
          required
          maxLength={name === 'code' ? 64 : 200}
          value={draft[name]}
          onChange={(e) => set({ [name]: e.target.value })}
        />
      )}
    </Field>
  );
  return (
    <Dialog title={t('account.addPoint')} onClose={onClose} isWide>
      <form onSubmit={submit}>
        <div className={styles.fields}>
          <Field label={t('account.entity')}>
            {(control) => (
              <select
                {...control}
                value={draft.legalEntityId}
                onChange={(e) => set({ legalEntityId: e.target.value, siteId: '' })}
              >
                {account.legalEntities.map((e) => (
                  <option key={e.id} value={e.id}>
                    {e.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t('account.site')}>
            {(control) => (
              <select {...control} value={draft.siteId} onChange={(e) => set({ siteId: e.target.value })}>
                <option value="">{t('account.noSite')}</option>
                {sites.map((s) => (
                  <option key={s.id} value={s.id}>
                    {s.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t('account.carrier')}>
            {(control) => (
              <select {...control} value={draft.carrier} onChange={(e) => set({ carrier: e.target.value })}>
                {carriers.map((carrier) => (
                  <option key={carrier} value={carrier}>
                    {t(`carrier.${carrier}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {text('code', t('account.code'))}
          {text('name', t('account.name'))}
          <Field label={t('account.validFrom')}>
            {(control) => (
              <input
                {...control}
                type="date"
                required
                value={draft.validFrom}
                onChange={(e) => set({ validFrom: e.target.value })}
              />
            )}
          </Field>
        </div>
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={draft.isFleet}
            onChange={(e) => set({ isFleet: e.target.checked })}
          />
          {t('account.isFleet')}
        </label>
        {error && <FormError>{problem?.code === 'conflict' ? problem.detail : error}</FormError>}
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
