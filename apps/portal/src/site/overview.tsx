'use client';
import type { SiteLoad, SiteOverview } from '@wattproof/contracts/api';
import { formatQuantity, quantityText } from '@wattproof/messages';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { request } from '../api/client.ts';
import { usePolled } from '../api/use-polled.ts';
import { Verdict } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { useLive } from '../live/live.ts';
import { FigureSource } from '../receipt/figure-source.tsx';
import { LoadSection } from './load-section.tsx';
import styles from './overview.module.css';
import { PowerNow } from './power-now.tsx';
import { SoFar } from './so-far.tsx';
import { UsesNow } from './uses-now.tsx';
import { siteVerdict } from './verdict.ts';

/** Between two readings of the overview; live values may come more often than figures can be read. */
const leastPause_ms = 2000;

/** The site's page: verdict, power against its band, ledger, load of the day, uses. Live parts refresh themselves. */
export function SiteOverviewView({
  initial,
  initialLoad,
  isToday,
  children,
}: {
  readonly initial: SiteOverview;
  readonly initialLoad: SiteLoad;
  readonly isToday: boolean;
  /** Parts that the server draws: alarms, consumption. */
  readonly children: ReactNode;
}) {
  const t = useTranslator();
  const overview = useLiveOverview(initial);
  const load = usePolled(`/sites/${initial.site.id}/load?date=${initialLoad.date}`, initialLoad, isToday);
  const { title, proof } = siteVerdict(overview, t);
  const { site, outdoorTemperature_c } = overview;
  return (
    <FigureSource path={`/sites/${overview.site.id}/overview`}>
      <Verdict
        proof={{ member: 'soFar' }}
        title={title}
        aside={
          <>
            <p>{site.activity}</p>
            <p>
              {outdoorTemperature_c === null
                ? site.timeZone
                : t('site.outside', {
                    temperature: quantityText(formatQuantity(t.locale, outdoorTemperature_c, '°C')),
                    zone: site.timeZone,
                  })}
            </p>
          </>
        }
      >
        {proof.join(' ')}
      </Verdict>
      <div className={styles.top}>
        <PowerNow overview={overview} />
        <SoFar overview={overview} />
      </div>
      <div className={styles.middle}>
        <FigureSource path={`/sites/${overview.site.id}/load?date=${load.date}`}>
          <LoadSection load={load} overview={overview} isToday={isToday} />
        </FigureSource>
        <UsesNow overview={overview} />
      </div>
      {children}
    </FigureSource>
  );
}

/** The overview, read again whenever the site has sent something. */
function useLiveOverview(initial: SiteOverview): SiteOverview {
  const [overview, setOverview] = useState(initial);
  const state = useRef({ lastAt: 0, isReading: false, isAsked: false });
  useEffect(() => setOverview(initial), [initial]);
  const siteId = initial.site.id;
  const read = useCallback(async () => {
    const s = state.current;
    if (s.isReading) {
      s.isAsked = true;
      return;
    }
    s.isReading = true;
    const wait = s.lastAt + leastPause_ms - Date.now();
    if (wait > 0) await new Promise((done) => setTimeout(done, wait));
    const answer = await request<SiteOverview>(`/sites/${siteId}/overview`);
    if (answer.ok) setOverview(answer.value);
    s.lastAt = Date.now();
    s.isReading = false;
    if (s.isAsked) {
      s.isAsked = false;
      void read();
    }
  }, [siteId]);
  useLive(siteId, () => void read());
  // A site that has fallen silent sends no event; its values still have to grow old.
  useEffect(() => {
    const timer = setInterval(() => void read(), 30_000);
    return () => clearInterval(timer);
  }, [read]);
  return overview;
}
