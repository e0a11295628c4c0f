'use client';
import type { AlarmRule, CreateAlarmRule } from '@wattproof/contracts/api';
import { findMeasurand } from '@wattproof/energy';
import { formatNumber, measurandText, type UnitScale, unitScaleOf } from '@wattproof/messages';
import { type FormEvent, useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { parseNumber } from '../form/parse-number.ts';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './alarm.module.css';
import type { RuleContext } from './rule-table.tsx';

/** The unit people think in: kW for W, kWh for Wh; others as in the registry. */
const unitOf = (measurand: string | null): UnitScale =>
  unitScaleOf(findMeasurand(measurand ?? '')?.unit ?? '1', 0);

const severityOf = (text: (name: string) => string): AlarmRule['severity'] =>
  text('severity') === 'critical' ? 'critical' : 'warning';

/** Makes a rule, or changes the limits of one; what it watches does not change once it has a history. */
export function RuleForm({
  rule,
  meters,
  gateways,
  sites,
  siteId: initialSiteId,
  onClose,
  onSaved,
}: RuleContext & {
  readonly rule: AlarmRule | null;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}) {
  const t = useTranslator();
  const { isBusy, error, send } = useSubmit<AlarmRule>();
  const [kind, setKind] = useState<'threshold' | 'noData'>(rule?.kind ?? 'threshold');
  const [siteId, setSiteId] = useState(rule?.siteId ?? initialSiteId ?? sites[0]?.id ?? '');
  const siteMeters = meters.filter((m) => m.siteId === siteId);
  const siteGateways = gateways.filter((g) => g.siteId === siteId);
  const [meterId, setMeterId] = useState<number | null>(rule?.meterId ?? null);
  const meter =
    siteMeters.find((m) => m.id === meterId) ??
    (kind === 'threshold' || siteGateways.length === 0 ? siteMeters[0] : undefined);
  const [chosenMeasurand, setMeasurand] = useState<string | null>(rule?.measurand ?? null);
  const measurand =
    chosenMeasurand && (rule || meter?.measurands.includes(chosenMeasurand))
      ? chosenMeasurand
      : (meter?.measurands.find((m) => m === 'active_power_w') ?? meter?.measurands[0] ?? 'active_power_w');
  const unit = unitOf(measurand);
  const shown = (base: number | null): string =>
    base === null ? '' : formatNumber(t.locale, base / unit.factor).replace(/\u202f/g, '');
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string): string => String(data.get(name) ?? '');
    const found: Record<string, string> = {};
    const number = (name: string): number => {
      const value = parseNumber(text(name));
      if (value === null) found[name] = t('form.number', { example: formatNumber(t.locale, 250.5) });
      return value ?? 0;
    };
    const name = text('name').trim();
    if (name === '') found.name = t('form.required');
    const delay_s = Math.round(number('delay') * 60);
    const limits =
      kind === 'threshold'
        ? { threshold: number('threshold') * unit.factor, hysteresis: number('hysteresis') * unit.factor }
        : {};
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    const answer = rule
      ? await send(`/alarm-rules/${rule.id}`, {
          method: 'PATCH',
          json: { name, delay_s, ...limits, severity: severityOf(text), procedure: text('procedure') },
        })
      : await send('/alarm-rules', { method: 'POST', json: newRule(text, name, delay_s, limits) });
    if (answer.ok) onSaved();
  };

  function newRule(
    text: (name: string) => string,
    name: string,
    delay_s: number,
    limits: { readonly threshold?: number; readonly hysteresis?: number },
  ): CreateAlarmRule {
    const common = {
      siteId,
      name,
      severity: severityOf(text),
      delay_s,
      procedure: text('procedure'),
    };
    if (kind === 'noData') {
      return { ...common, kind, ...(meter ? { meterId: meter.id } : { gatewayId: text('gateway') }) };
    }
    return {
      ...common,
      kind,
      meterId: meter?.id ?? 0,
      measurand,
      comparison: text('comparison') === 'below' ? 'below' : 'above',
      threshold: limits.threshold ?? 0,
      hysteresis: limits.hysteresis ?? 0,
    };
  }

  return (
    <Dialog title={rule ? rule.name : t('alarm.rule.new')} onClose={onClose} isWide>
      <form onSubmit={submit} className={styles.form} noValidate>
        <Field label={t('alarm.rule.name')} error={errors.name}>
          {(control) => <input {...control} name="name" maxLength={120} defaultValue={rule?.name ?? ''} />}
        </Field>
        {!rule && (
          <div className={styles.columns}>
            <Field label={t('alarm.rule.kind')}>
              {(control) => (
                <select
                  {...control}
                  value={kind}
                  onChange={(event) => setKind(event.target.value === 'noData' ? 'noData' : 'threshold')}
                >
                  <option value="threshold">{t('alarm.rule.kind.threshold')}</option>
                  <option value="noData">{t('alarm.rule.kind.noData')}</option>
                </select>
              )}
            </Field>
            <Field label={t('alarm.site')}>
              {(control) => (
                <select {...control} value={siteId} onChange={(event) => setSiteId(event.target.value)}>
                  {sites.map((s) => (
                    <option key={s.id} value={s.id}>
                      {s.name}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Field label={t('alarm.rule.meter')}>
              {(control) => (
                <select
                  {...control}
                  value={meter?.id ?? ''}
                  onChange={(event) =>
                    setMeterId(event.target.value === '' ? null : Number(event.target.value))
                  }
                >
                  {kind === 'noData' && siteGateways.length > 0 && (
                    <option value="">{t('alarm.rule.wholeGateway')}</option>
                  )}
                  {siteMeters.map((m) => (
                    <option key={m.id} value={m.id}>
                      {m.name}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            {kind === 'noData' && !meter && (
              <Field label={t('alarm.rule.gateway')}>
                {(control) => (
                  <select {...control} name="gateway">
                    {siteGateways.map((g) => (
                      <option key={g.id} value={g.id}>
                        {g.name}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            )}
            {kind === 'threshold' && (
              <>
                <Field label={t('alarm.rule.measurand')}>
                  {(control) => (
                    <select
                      {...control}
                      value={measurand}
                      onChange={(event) => setMeasurand(event.target.value)}
                    >
                      {(meter?.measurands ?? [measurand]).map((m) => (
                        <option key={m} value={m}>
                          {measurandText(t, m)}
                        </option>
                      ))}
                    </select>
                  )}
                </Field>
                <Field label={t('alarm.rule.comparison')}>
                  {(control) => (
                    <select {...control} name="comparison">
                      <option value="above">{t('alarm.rule.above')}</option>
                      <option value="below">{t('alarm.rule.below')}</option>
                    </select>
                  )}
                </Field>
              </>
            )}
          </div>
        )}
        <div className={styles.columns}>
          {kind === 'threshold' && (
            <>
              <Field label={t('alarm.rule.threshold')} unit={unit.unit} error={errors.threshold}>
                {(control) => (
                  <input
                    {...control}
                    name="threshold"
                    inputMode="decimal"
                    defaultValue={shown(rule?.threshold ?? null)}
                  />
                )}
              </Field>
              <Field label={t('alarm.rule.hysteresis')} unit={unit.unit} error={errors.hysteresis}>
                {(control) => (
                  <input
                    {...control}
                    name="hysteresis"
                    inputMode="decimal"
                    defaultValue={shown(rule?.hysteresis ?? 0)}
                  />
                )}
              </Field>
            </>
          )}
          <Field label={t('alarm.rule.delay')} unit="min" error={errors.delay}>
            {(control) => (
              <input
                {...control}
                name="delay"
                inputMode="decimal"
                defaultValue={String((rule?.delay_s ?? 0) / 60)}
              />
            )}
          </Field>
          <Field label={t('alarm.severity')}>
            {(control) => (
              <select {...control} name="severity" defaultValue={rule?.severity ?? 'warning'}>
                <option value="warning">{t('severity.warning')}</option>
                <option value="critical">{t('severity.critical')}</option>
              </select>
            )}
          </Field>
        </div>
        <Field label={t('alarm.rule.procedure')} help={t('alarm.rule.procedureHelp')}>
          {(control) => (
            <textarea {...control} name="procedure" maxLength={4000} defaultValue={rule?.procedure ?? ''} />
          )}
        </Field>
        {error && <FormError>{error}</FormError>}
        <div className={styles.buttons}>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {isBusy ? t('form.saving') : t('form.save')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
