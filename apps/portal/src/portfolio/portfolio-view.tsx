'use client';
import type { Portfolio } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { receiptId } from '@wattproof/evidence/receipt';
import {
  formatInstant,
  formatLocalDate,
  formatMoney,
  formatNumber,
  formatPercent,
  formatQuantity,
  quantityText,
} from '@wattproof/messages';
import Link from 'next/link';
import { Figure } from '../figure/figure.tsx';
import { QualityMark } from '../figure/quality-mark.tsx';
import { Section, Verdict } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Proved } from '../receipt/proved.tsx';
import { sitePath } from '../shell/place.ts';
import { State } from '../state/state.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { CoverageBar } from './coverage-bar.tsx';
import styles from './portfolio.module.css';

type Entity = Portfolio['legalEntities'][number];
type SiteRow = Entity['sites'][number] & { readonly entity: string; readonly entityId: string };

const entityMember = (id: string): string => entry('legalEntities', { id });
const siteMember = ({ id, entityId }: SiteRow): string =>
  `${entityMember(entityId)}.${entry('sites', { id })}`;

const day_ms = 86_400_000;

/** Which legal entity or site needs me: obligations with dates first, then every site in one ledger. */
export function PortfolioView({
  portfolio,
  timeZone,
  today,
}: {
  readonly portfolio: Portfolio;
  readonly timeZone: string;
  readonly today: string;
}) {
  const t = useTranslator();
  const { legalEntities, organisation } = portfolio;
  const sites: SiteRow[] = legalEntities.flatMap((e) =>
    e.sites.map((s) => ({ ...s, entity: e.name, entityId: e.id })),
  );
  const month = formatLocalDate(t.locale, portfolio.month, 'month');
  if (sites.length === 0)
    return (
      <State title={t('portfolio.none')}>
        <p>{t('portfolio.noneText')}</p>
      </State>
    );
  return (
    <>
      <Verdict title={title()} aside={organisation.name}>
        <Proved proof={{ member: 'legalEntities' }} label={organisation.name} withMark>
          {lead()}
        </Proved>
      </Verdict>
      <Section title={t('portfolio.obligations')} basis={t('portfolio.obligationsBasis')}>
        <ul className={styles.entities}>
          {legalEntities.map((entity) => (
            <li key={entity.id} className={styles.entity}>
              <span className={styles.entityName}>
                {entity.audit ? <Link href={`/audit/${entity.audit.id}`}>{entity.name}</Link> : entity.name}
                <small>
                  {t(`country.${entity.country}` as 'country.FR')} {entity.registrationNumber}
                </small>
              </span>
              {entity.audit ? (
                <>
                  <CoverageBar
                    share={entity.audit.coverage}
                    threshold={entity.audit.threshold}
                    isReached={entity.audit.verdict === 'reached'}
                  />
                  <span className={styles.coverage}>
                    <strong>
                      {entity.audit.coverage === null ? (
                        t('portfolio.incomplete')
                      ) : (
                        <Proved
                          proof={{ member: `${entityMember(entity.id)}.audit.coverage` }}
                          label={entity.name}
                        >
                          {quantityText(formatPercent(t.locale, entity.audit.coverage))}
                        </Proved>
                      )}
                    </strong>
                    <small>
                      <span data-receiptless="limit">
                        ≥ {quantityText(formatPercent(t.locale, entity.audit.threshold, { decimals: 0 }))}
                      </span>{' '}
                      {t(`verdict.${entity.audit.verdict}`)}
                    </small>
                  </span>
                  <Due dueOn={entity.audit.dueOn} today={today} />
                </>
              ) : (
                <span className={styles.noAudit}>{t('portfolio.noAudit')}</span>
              )}
            </li>
          ))}
        </ul>
      </Section>
      <div className={styles.block}>
        <Section
          title={t('portfolio.sites')}
          basis={t('portfolio.sitesBasis', {
            month,
            time: formatInstant(t.locale, timeZone, portfolio.to, 'dateTimeShort'),
          })}
        >
          <DataTable
            id="sites"
            name={t('portfolio.sites')}
            columns={columns()}
            rows={sites}
            rowKey={(s) => s.id}
          />
        </Section>
      </div>
    </>
  );

  function title(): string {
    const audits = legalEntities.filter((e) => e.audit);
    const below = audits.filter((e) => e.audit?.verdict === 'notReached');
    const open = audits.filter(
      (e) => e.audit?.verdict === 'insufficientData' || e.audit?.verdict === 'unverifiedRule',
    );
    const names = (list: readonly Entity[]): string => list.map((e) => e.name).join(', ');
    if (below.length > 0) return t('portfolio.titleBelow', { count: below.length, names: names(below) });
    if (open.length > 0) return t('portfolio.titleOpen', { count: open.length, names: names(open) });
    if (audits.length > 0) return t('portfolio.titleReached');
    return t('portfolio.titleNone', { organisation: organisation.name });
  }

  function lead(): string {
    const alarms = sites.reduce((n, s) => n + s.openAlarms, 0);
    const silent = sites.reduce((n, s) => n + s.gateways - s.gatewaysOnline, 0);
    // Costs of one currency only can be added up.
    const costs = sites.flatMap((s) => (s.cost ? [s.cost] : []));
    const isOneCurrency = costs.every((c) => c.currency === organisation.currency);
    const sum = costs.reduce((n, c) => n + Math.round(Number(c.amount) * 100), 0) / 100;
    const first =
      costs.length > 0 && isOneCurrency
        ? t('portfolio.lead', {
            sites: sites.length,
            alarms,
            cost: formatMoney(t.locale, { amount: String(sum), currency: organisation.currency }),
            month,
          })
        : t('portfolio.leadNoCost', { sites: sites.length, alarms });
    return silent > 0 ? `${first} ${t('portfolio.silent', { count: silent })}` : first;
  }

  function columns(): Column<SiteRow>[] {
    const energy = (id: 'electricity' | 'gas', value: (s: SiteRow) => number | null): Column<SiteRow> => ({
      id,
      head: t(`portfolio.${id}`),
      align: 'right',
      proof: 'inCell',
      cell: (s) => {
        const wh = value(s);
        return (
          <Figure
            quantity={wh === null ? null : formatQuantity(t.locale, wh, 'Wh')}
            href={sitePath(s.id, `/explore?carrier=${id}&period=${monthSpan()}`)}
            proof={{ receipt: receiptId('siteEnergy', { siteId: s.id, carrier: id, ...monthDates() }) }}
            label={`${s.name}, ${t(`portfolio.${id}`)}`}
          />
        );
      },
      sort: value,
      text: (s) => {
        const wh = value(s);
        return wh === null ? '' : quantityText(formatQuantity(t.locale, wh, 'Wh'));
      },
    });
    return [
      {
        id: 'site',
        head: t('portfolio.site'),
        phone: 'title',
        cell: (s) => (
          <span className={styles.site}>
            <Link href={sitePath(s.id)}>{s.name}</Link>
            <small>{s.activity}</small>
          </span>
        ),
        sort: (s) => s.name,
        text: (s) => `${s.name}, ${s.entity}`,
      },
      {
        id: 'power',
        head: t('portfolio.power'),
        align: 'right',
        proof: 'inCell',
        cell: (s) => (
          <Figure
            proof={{ member: `${siteMember(s)}.powerNow_w` }}
            quantity={
              s.powerNow_w === null ? null : formatQuantity(t.locale, s.powerNow_w, 'W', { decimals: 0 })
            }
          />
        ),
        sort: (s) => s.powerNow_w,
        text: (s) =>
          s.powerNow_w === null
            ? ''
            : quantityText(formatQuantity(t.locale, s.powerNow_w, 'W', { decimals: 0 })),
      },
      energy('electricity', (s) => s.electricity_wh),
      energy('gas', (s) => s.gas_wh),
      {
        id: 'cost',
        head: t('portfolio.cost'),
        align: 'right',
        proof: { receipt: (s) => receiptId('siteCost', { siteId: s.id, carrier: 'all', ...monthDates() }) },
        cell: (s) => (s.cost ? formatMoney(t.locale, s.cost) : '—'),
        sort: (s) => (s.cost ? Number(s.cost.amount) : null),
        text: (s) => (s.cost ? formatMoney(t.locale, s.cost, { decimals: 2 }) : ''),
      },
      {
        id: 'previousYear',
        head: t('portfolio.previousYear'),
        align: 'right',
        proof: 'inCell',
        cell: (s) => (
          <Figure
            proof={{ member: `${siteMember(s)}.againstPreviousYear` }}
            quantity={
              s.againstPreviousYear === null
                ? null
                : formatPercent(t.locale, s.againstPreviousYear, { signed: true })
            }
          />
        ),
        sort: (s) => s.againstPreviousYear,
        text: (s) =>
          s.againstPreviousYear === null
            ? ''
            : quantityText(formatPercent(t.locale, s.againstPreviousYear, { signed: true })),
      },
      {
        id: 'savings',
        head: t('portfolio.savings'),
        align: 'right',
        proof: 'inCell',
        cell: (s) => <Savings site={s} />,
        sort: (s) => s.savings?.value ?? null,
        text: (s) =>
          s.savings ? quantityText(formatPercent(t.locale, s.savings.value, { signed: true })) : '',
      },
      {
        id: 'measured',
        head: t('portfolio.measured'),
        proof: { member: (s) => (s.quality ? `${siteMember(s)}.quality` : null) },
        cell: (s) => (s.quality ? <QualityMark quality={s.quality} t={t} /> : '—'),
        sort: (s) => s.quality?.measured ?? null,
        text: (s) => (s.quality ? quantityText(formatPercent(t.locale, s.quality.measured)) : ''),
      },
      {
        id: 'alarms',
        head: t('portfolio.alarms'),
        align: 'right',
        proof: { without: 'count' },
        cell: (s) =>
          s.openAlarms === 0 ? (
            <span className={styles.zero}>0</span>
          ) : (
            <Link href={`/alarms?site=${s.id}`} className={styles.alarms} prefetch={false}>
              {formatNumber(t.locale, s.openAlarms)}
            </Link>
          ),
        sort: (s) => s.openAlarms,
        text: (s) => String(s.openAlarms),
      },
      {
        id: 'gateways',
        head: t('portfolio.gateways'),
        align: 'right',
        proof: { without: 'count' },
        cell: (s) => (
          <span data-warn={s.gatewaysOnline < s.gateways || undefined} className={styles.gateways}>
            {t('portfolio.gatewaysOf', { online: s.gatewaysOnline, all: s.gateways })}
          </span>
        ),
        sort: (s) => s.gatewaysOnline - s.gateways,
        text: (s) => t('portfolio.gatewaysOf', { online: s.gatewaysOnline, all: s.gateways }),
      },
    ];
  }

  /** The local days of the month, [from, to). */
  function monthDates(): { readonly from: string; readonly to: string } {
    const [year = 0, month = 1] = portfolio.month.split('-').map(Number);
    return {
      from: `${portfolio.month}-01`,
      to: new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10),
    };
  }

  function monthSpan(): string {
    const first = `${portfolio.month}-01`;
    const last = new Date(Date.parse(portfolio.to) - 1).toISOString().slice(0, 10);
    return `${first}..${last < first ? first : last}`;
  }
}

function Savings({ site }: { readonly site: SiteRow }) {
  const t = useTranslator();
  if (!site.savings)
    return (
      <span className={styles.zero}>{site.savingsVerdict ? t(`savings.${site.savingsVerdict}`) : '—'}</span>
    );
  return (
    <span className={styles.savings} data-verdict={site.savingsVerdict ?? undefined}>
      <Figure
        proof={{ member: `${siteMember(site)}.savings.value` }}
        quantity={formatPercent(t.locale, site.savings.value, { signed: true })}
        half={site.savings.halfWidth === null ? null : formatPercent(t.locale, site.savings.halfWidth).value}
        href={`/performance?site=${site.id}`}
      />
      {site.savingsVerdict === 'notDistinguishableFromZero' && (
        <small>{t('portfolio.notDistinguishable')}</small>
      )}
    </span>
  );
}

function Due({ dueOn, today }: { readonly dueOn: string | null; readonly today: string }) {
  const t = useTranslator();
  if (!dueOn) return <span className={styles.due}>{t('portfolio.dueNone')}</span>;
  const days = Math.round((Date.parse(dueOn) - Date.parse(today)) / day_ms);
  const date = formatLocalDate(t.locale, dueOn, 'date');
  return (
    <span className={styles.due} data-late={days < 0 || undefined}>
      {days < 0 ? t('portfolio.dueLate', { date, days: -days }) : t('portfolio.dueIn', { date, days })}
    </span>
  );
}
