import {
  relevantVariables,
  siteDegreeDays,
  siteStructure,
  staticFactors as staticFactorsSchema,
  weatherStations,
} from '@wattproof/contracts/api';
import { formatLocalDate } from '@wattproof/messages';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../../src/api/server.ts';
import { Section, Verdict } from '../../../../src/figure/section.tsx';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { FigureSource } from '../../../../src/receipt/figure-source.tsx';
import { addDays, dateIn, fitPeriod, parsePeriod, spanOf } from '../../../../src/shell/period.ts';
import { siteOf } from '../../../../src/shell/site-of.ts';
import { Forbidden } from '../../../../src/state/forbidden.tsx';
import { DegreeDays } from '../../../../src/variable/degree-days.tsx';
import { StaticFactors } from '../../../../src/variable/static-factors.tsx';
import { Stations } from '../../../../src/variable/stations.tsx';
import styles from '../../../../src/variable/variable.module.css';
import { Variables } from '../../../../src/variable/variables.tsx';

interface Props {
  readonly searchParams: Promise<{ site?: string; period?: string; convention?: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.variables') };
}

/** What moves the energy of a site: variables, what is static, weather and its degree days. */
export default async function VariablesPage({ searchParams }: Props) {
  const [asked, me, t] = await Promise.all([searchParams, currentMe(), getTranslator()]);
  const site = await siteOf(me, '/performance/variables', asked);
  if (!may(me, 'performance:read') || !may(me, 'site:read') || !site)
    return <Forbidden me={me} page="nav.variables" />;
  const today = dateIn(site.timeZone, Date.now());
  const { from, to } = spanOf(fitPeriod(parsePeriod(asked.period), 'months', today));
  const [{ variables }, { staticFactors }, { stations }, structure] = await Promise.all([
    apiGet(`/sites/${site.id}/variables`, relevantVariables),
    apiGet(`/sites/${site.id}/static-factors`, staticFactorsSchema),
    apiGet('/weather-stations', weatherStations),
    apiGet(`/sites/${site.id}/structure`, siteStructure),
  ]);
  const convention = asked.convention ? `&convention=${encodeURIComponent(asked.convention)}` : '';
  const degreeDaysPath = `/sites/${site.id}/degree-days?from=${from}&to=${addDays(to, 1)}${convention}`;
  const degreeDays = await apiGet(degreeDaysPath, siteDegreeDays);
  const withGaps = variables.filter((v) => v.gaps.length > 0).length;
  const date = (d: string): string => formatLocalDate(t.locale, d, 'date');
  const basis = t('flow.basis', { from: date(from), to: date(to), zone: site.timeZone });
  const mayWrite = may(me, 'performance:write');
  return (
    <>
      <Verdict
        title={
          variables.length === 0
            ? t('variable.titleNone')
            : withGaps > 0
              ? t('variable.titleGaps', { count: withGaps, all: variables.length })
              : t('variable.titleGood', { count: variables.length })
        }
        aside={
          <>
            <p>{site.name}</p>
            <p>{site.timeZone}</p>
          </>
        }
      >
        {t('variable.lead')}
      </Verdict>
      <div className={styles.sections}>
        <Variables
          siteId={site.id}
          variables={variables}
          meters={structure.meters}
          stations={stations}
          mayWrite={mayWrite}
        />
        {degreeDays.source ? (
          <FigureSource path={degreeDaysPath}>
            <DegreeDays degreeDays={degreeDays} source={degreeDays.source} basis={basis} />
          </FigureSource>
        ) : (
          <Section title={t('degreeDay.title')}>
            <p className={styles.note}>{t('degreeDay.none')}</p>
          </Section>
        )}
        <StaticFactors
          siteId={site.id}
          factors={staticFactors}
          today={today}
          timeZone={site.timeZone}
          mayWrite={mayWrite}
        />
        <Stations stations={stations} siteId={site.id} timeZone={site.timeZone} mayWrite={mayWrite} />
      </div>
    </>
  );
}
