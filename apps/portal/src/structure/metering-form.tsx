'use client';
import type { SaveSiteMetering, SiteMetering } from '@wattproof/contracts/api';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './structure.module.css';

/** Base interval and billing day of a site, as its contract has them. Another base interval computes everything anew, so it is said first. */
export function MeteringForm({
  siteId,
  metering,
  mayWrite,
}: {
  readonly siteId: string;
  readonly metering: SiteMetering;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit<SiteMetering>();
  const [base_s, setBase] = useState<number>(metering.baseInterval_s);
  const [day, setDay] = useState(metering.billingDay);
  const isRebuild = base_s !== metering.baseInterval_s;
  const isChanged = isRebuild || day !== metering.billingDay;
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const wish: SaveSiteMetering = {
      baseInterval_s: base_s as SaveSiteMetering['baseInterval_s'],
      billingDay: day,
      deliveryPoints: metering.deliveryPoints.map(({ id, billingDay }) => ({ id, billingDay })),
    };
    const answer = await send(`/sites/${siteId}/metering`, { method: 'PUT', json: wish });
    if (answer.ok) router.refresh();
  };
  return (
    <Section title={t('structure.metering')} basis={metering.timeZone}>
      <form onSubmit={submit} className={styles.metering}>
        <Field label={t('structure.baseInterval')} help={t('structure.baseIntervalHelp')}>
          {(control) => (
            <select
              {...control}
              value={base_s}
              disabled={!mayWrite}
              onChange={(event) => setBase(Number(event.target.value))}
            >
              {metering.possibleBaseIntervals_s.map((s) => (
                <option key={s} value={s}>
                  {t('structure.minutes', { minutes: s / 60 })}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('structure.billingDay')} help={t('structure.billingDayHelp')}>
          {(control) => (
            <select
              {...control}
              value={day}
              disabled={!mayWrite}
              onChange={(event) => setDay(Number(event.target.value))}
            >
              {Array.from({ length: 31 }, (_, i) => i + 1).map((d) => (
                <option key={d} value={d}>
                  {d}
                </option>
              ))}
            </select>
          )}
        </Field>
        {mayWrite && (
          <div className={styles.save}>
            {isRebuild && <p>{t('structure.rebuild')}</p>}
            {error && <FormError>{error}</FormError>}
            <Button type="submit" disabled={isBusy || !isChanged}>
              {t(isBusy ? 'form.saving' : 'form.save')}
            </Button>
          </div>
        )}
      </form>
    </Section>
  );
}
