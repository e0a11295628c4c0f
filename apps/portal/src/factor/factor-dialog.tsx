'use client';
import type { EnergyFactor } from '@wattproof/contracts/api';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { parseNumber } from '../form/parse-number.ts';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './factor.module.css';
import { carrierName } from './factor-text.ts';

const carriers = ['electricity', 'gas', 'lpg', 'diesel', 'biomass', 'heat', 'cooling', 'steam'] as const;
const fuels: readonly string[] = ['gas', 'lpg', 'diesel', 'biomass'];
const fuelUnits = ['kWh', 'MWh', 'm³', 'l', 'kg'] as const;
const verifications = ['verified', 'secondary', 'unverified'] as const;
const least = 3;

const firstValues = (before: EnergyFactor | null, today: string) => ({
  carrier: (before?.carrier ?? 'electricity') as string,
  basis: (before?.basis ?? 'none') as string,
  place: before?.place ?? '',
  account: (before?.account ?? 'location') as string,
  scope: (before?.scope ?? 'direct') as string,
  gas: (before?.gas ?? 'CO2e') as string,
  unit: before?.kind === 'fuel' ? before.unit.replace('kWh/', '') : 'kWh',
  value: '',
  from: `${today.slice(0, 4)}-01-01`,
  to: '',
  source: '',
  licence: '',
  verification: 'secondary' as string,
});
type Typed = ReturnType<typeof firstValues>;

/** Records a factor, or the next version of one: the version before ends on the day that this one begins. */
export function FactorDialog({
  kind,
  before,
  today,
  onClose,
}: {
  readonly kind: EnergyFactor['kind'];
  /** The factor that the new one starts from; one of the product's is not ended, the own one goes before it. */
  readonly before: EnergyFactor | null;
  readonly today: string;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const [typed, setTyped] = useState(() => firstValues(before, today));
  const [isTried, setTried] = useState(false);
  const set = (part: Partial<Typed>): void => setTyped({ ...typed, ...part });
  const isVersion = before?.origin === 'organisation';
  const value = parseNumber(typed.value);
  const isValueWrong = value === null || value < 0;
  const isPlaceMissing = kind !== 'fuel' && typed.place.trim().length < 2;
  const isSourceMissing = typed.source.trim().length < least;
  const isReversed = typed.to !== '' && typed.to <= typed.from;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (
      value === null ||
      isValueWrong ||
      isPlaceMissing ||
      isSourceMissing ||
      isReversed ||
      typed.from === ''
    )
      return;
    const answer = await send('/energy-factors', {
      method: 'POST',
      json: {
        kind,
        carrier: typed.carrier,
        basis: typed.basis,
        value: typed.value.trim().replace(/\s/g, '').replace(',', '.'),
        ...(kind === 'fuel' ? { unit: typed.unit } : { place: typed.place.trim() }),
        ...(kind === 'carbon' ? { account: typed.account, scope: typed.scope, gas: typed.gas } : {}),
        effectiveFrom: typed.from,
        effectiveTo: typed.to === '' ? null : typed.to,
        source: typed.source.trim(),
        licence: typed.licence.trim(),
        verification: typed.verification,
        ...(isVersion ? { replaces: before.id } : {}),
      },
    });
    if (!answer.ok) return;
    onClose();
    router.refresh();
  };
  const select = (
    field: keyof Typed,
    label: string,
    options: readonly { readonly value: string; readonly text: string }[],
    isDisabled = false,
  ) => (
    <Field label={label}>
      {(control) => (
        <select
          {...control}
          value={typed[field]}
          disabled={isDisabled}
          onChange={(e) => set({ [field]: e.target.value })}
        >
          {options.map((o) => (
            <option key={o.value} value={o.value}>
              {o.text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  const input = (
    field: keyof Typed,
    label: string,
    {
      error: wrong = null,
      help,
      type = 'text',
    }: { error?: string | null; help?: string; type?: string } = {},
  ) => (
    <Field label={label} help={help} error={isTried ? wrong : null}>
      {(control) => (
        <input
          {...control}
          type={type}
          value={typed[field]}
          maxLength={type === 'text' ? 500 : undefined}
          onChange={(e) => set({ [field]: e.target.value })}
        />
      )}
    </Field>
  );
  const per = kind === 'fuel' ? `kWh/${typed.unit}` : kind === 'primary' ? 'kWh/kWh' : `kg ${typed.gas}/kWh`;
  return (
    <Dialog
      title={
        isVersion
          ? t('energyFactor.newVersionOf', { name: carrierName(before, t) })
          : t(`energyFactor.add.${kind}`)
      }
      onClose={onClose}
      isWide
    >
      <form onSubmit={(event) => void submit(event)}>
        <p className={styles.small}>{t(isVersion ? 'energyFactor.versionText' : 'energyFactor.addText')}</p>
        <div className={styles.fields}>
          <Field label={t('energyFactor.carrier')}>
            {(control) => (
              <select
                {...control}
                value={typed.carrier}
                disabled={isVersion}
                onChange={(e) =>
                  set({ carrier: e.target.value, basis: fuels.includes(e.target.value) ? 'gross' : 'none' })
                }
              >
                {carriers.map((c) => (
                  <option key={c} value={c}>
                    {t(`carrier.${c}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {fuels.includes(typed.carrier) &&
            select(
              'basis',
              t('energyFactor.basis'),
              (['gross', 'net'] as const).map((b) => ({ value: b, text: t(`energyFactor.basis.${b}`) })),
              isVersion,
            )}
          {kind !== 'fuel' &&
            input('place', t('energyFactor.place'), {
              help: t('energyFactor.placeHelp'),
              error: isPlaceMissing ? t('form.required') : null,
            })}
          {kind === 'carbon' &&
            select(
              'account',
              t('energyFactor.account'),
              (['location', 'market'] as const).map((a) => ({
                value: a,
                text: t(`energyFactor.account.${a}`),
              })),
            )}
          {kind === 'carbon' &&
            select(
              'scope',
              t('energyFactor.scope'),
              (['direct', 'lifeCycle'] as const).map((s) => ({
                value: s,
                text: t(`energyFactor.scope.${s}`),
              })),
            )}
          {kind === 'carbon' &&
            select('gas', t('energyFactor.gas'), [
              { value: 'CO2e', text: 'CO₂e' },
              { value: 'CO2', text: 'CO₂' },
            ])}
          {kind === 'fuel' &&
            select(
              'unit',
              t('variable.unit'),
              fuelUnits.map((u) => ({ value: u, text: u })),
              isVersion,
            )}
          {input('value', t('energyFactor.valueIn', { unit: per }), {
            error: isValueWrong ? t('form.number', { example: '0,363' }) : null,
          })}
          {input('from', t('energyFactor.from'), {
            type: 'date',
            error: typed.from === '' ? t('form.required') : null,
          })}
          {input('to', t('energyFactor.to'), {
            type: 'date',
            help: t('energyFactor.toHelp'),
            error: isReversed ? t('target.reversed') : null,
          })}
        </div>
        {input('source', t('variable.source'), {
          help: t('energyFactor.sourceHelp'),
          error: isSourceMissing ? t('form.required') : null,
        })}
        <div className={styles.fields}>
          {input('licence', t('energyFactor.licence'), { help: t('energyFactor.licenceHelp') })}
          {select(
            'verification',
            t('energyFactor.checked'),
            verifications.map((v) => ({ value: v, text: t(`energyFactor.verification.${v}`) })),
          )}
        </div>
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button type="submit" kind="primary" disabled={isBusy}>
            {t(isBusy ? 'form.saving' : 'form.save')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
