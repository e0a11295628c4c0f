'use client';
import type { EnergyAccount } from '@wattproof/contracts/api';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';

/** A delivery point, or a site with all that belongs to it. */
export interface HandedOver {
  readonly kind: 'point' | 'site';
  readonly id: string;
  readonly name: string;
  readonly legalEntityId: string;
}

/** From a day on it belongs to another legal entity; what was before stays as it was. */
export function HandOverDialog({
  handedOver,
  legalEntities,
  onClose,
}: {
  readonly handedOver: HandedOver;
  readonly legalEntities: EnergyAccount['legalEntities'];
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, problem, send } = useSubmit();
  const others = legalEntities.filter(({ id }) => id !== handedOver.legalEntityId);
  const [on, setOn] = useState('');
  const [owner, setOwner] = useState(others[0]?.id ?? '');
  const isSite = handedOver.kind === 'site';
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const path = isSite ? `/sites/${handedOver.id}/hand-over` : `/delivery-points/${handedOver.id}/hand-over`;
    const answer = await send(path, {
      method: 'POST',
      json: { on, legalEntityId: owner === '' ? null : owner },
    });
    if (!answer.ok) return;
    router.refresh();
    onClose();
  };
  return (
    <Dialog
      title={t(isSite ? 'account.handOverSite' : 'account.handOverPoint', { name: handedOver.name })}
      onClose={onClose}
    >
      <form onSubmit={submit}>
        <p>{t(isSite ? 'account.handOverSiteText' : 'account.handOverText')}</p>
        <Field label={t('account.handOverOn')}>
          {(control) => (
            <input {...control} type="date" required value={on} onChange={(e) => setOn(e.target.value)} />
          )}
        </Field>
        <Field label={t('account.newOwner')}>
          {(control) => (
            <select {...control} value={owner} onChange={(e) => setOwner(e.target.value)}>
              {others.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
              {!isSite && <option value="">{t('account.nobody')}</option>}
            </select>
          )}
        </Field>
        {/* What stands in the way is named by the service: bills that reach over the day. */}
        {error && <FormError>{problem?.code === 'conflict' ? problem.detail : error}</FormError>}
        <DialogButtons>
          <Button kind="primary" type="submit" disabled={isBusy || (isSite && owner === '')}>
            {t('account.handOver')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
