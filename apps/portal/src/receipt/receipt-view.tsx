'use client';
import type { Receipt } from '@wattproof/contracts/api';
import { intervalQualities } from '@wattproof/energy';
import { formatInstant, formatLocalDate, formatNumber } from '@wattproof/messages';
import type { ReactNode } from 'react';
import { QualityMark } from '../figure/quality-mark.tsx';
import { CopyText } from '../form/copy-text.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './receipt.module.css';
import { exactText, valueText, wordText } from './receipt-text.ts';

/** Everything behind a figure, from the formula down to the readings. */
export function ReceiptView({
  receipt,
  onOpen,
}: {
  readonly receipt: Receipt;
  readonly onOpen: (id: string) => void;
}) {
  const t = useTranslator();
  const { value, period, formula, quality, seal, meter, findings } = receipt;
  const exact = exactText(t, value);
  const zone = period?.timeZone ?? 'UTC';
  return (
    <>
      <p className={styles.subject}>{receipt.subject}</p>
      <p className={styles.amount}>
        <strong>{valueText(t, value)}</strong>
        {value.halfWidth !== null && (
          <span> ± {valueText(t, { ...value, number: value.halfWidth }).replace('+', '')}</span>
        )}
        {exact && <span className={styles.note}>{exact}</span>}
      </p>
      {findings.length > 0 && (
        <ul className={styles.findings}>
          {findings.map((finding) => (
            <li key={finding}>{wordText(t, finding)}</li>
          ))}
        </ul>
      )}
      <dl className={styles.facts}>
        <Fact name={t('receipt.formula')}>
          <code>{formula.expression}</code>{' '}
          <span className={styles.note}>
            {t('receipt.version', { name: formula.name, version: formula.version })}
          </span>
        </Fact>
        {period && (
          <Fact name={t('receipt.period')}>
            {t('receipt.fromTo', {
              from: formatLocalDate(t.locale, period.from, 'date'),
              to: formatLocalDate(t.locale, period.to, 'date'),
            })}
            , {period.timeZone}
          </Fact>
        )}
        {quality && (
          <Fact name={t('receipt.quality')}>
            <QualityMark quality={quality} t={t} />
          </Fact>
        )}
        {seal && (
          <Fact name={t('receipt.seal')}>
            {t('receipt.sealed', { sealed: seal.sealed, days: seal.days, restated: seal.restated })}
          </Fact>
        )}
        {receipt.settings.map(({ name, value: text }) => (
          <Fact key={name} name={wordText(t, name)}>
            {text}
          </Fact>
        ))}
        {meter && <MeterFacts meter={meter} />}
        <Fact name={t('receipt.computedAt')}>
          {formatInstant(t.locale, zone, receipt.computedAt, 'dateTime')}
        </Fact>
      </dl>
      {receipt.factors.length > 0 && <Factors factors={receipt.factors} />}
      {receipt.parts.length > 0 && <Parts parts={receipt.parts} onOpen={onOpen} />}
      {receipt.readings && <Readings readings={receipt.readings} zone={zone} />}
      {receipt.intervals.length > 0 && (
        <Intervals intervals={receipt.intervals} zone={zone} unit={value.unit} />
      )}
      {receipt.proof && <Proof proof={receipt.proof} />}
      <p>
        <a href={`/api/v1/receipts/${encodeURIComponent(receipt.id)}`}>{t('receipt.asJson')}</a>
      </p>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function MeterFacts({ meter }: { readonly meter: NonNullable<Receipt['meter']> }) {
  const t = useTranslator();
  const parts = meter.accuracy.map((part) => `${part.part} ${part.class}`).join(', ');
  return (
    <>
      <Fact name={t('receipt.meter')}>
        {meter.name}
        {meter.serialNumber && ` (${meter.serialNumber})`}
      </Fact>
      <Fact name={t('receipt.accuracy')}>
        {meter.chain_percent === null
          ? t('receipt.accuracyUnknown')
          : t('receipt.accuracyChain', {
              parts,
              percent: formatNumber(t.locale, meter.chain_percent, { decimals: 2 }),
            })}
      </Fact>
      {meter.profile && (
        <Fact name={t('receipt.profile')}>
          {meter.profile.name}, {t(`trust.${meter.profile.trust}` as 'trust.documented')}
        </Fact>
      )}
    </>
  );
}

function Factors({ factors }: { readonly factors: Receipt['factors'] }) {
  const t = useTranslator();
  return (
    <>
      <h3>{t('receipt.factors')}</h3>
      <ul className={styles.factors}>
        {factors.map((factor) => (
          <li key={`${factor.name} ${factor.validFrom}`}>
            <strong>{[factor.value, factor.unit].filter(Boolean).join('\u00a0')}</strong> {factor.name}
            {factor.validFrom &&
              `, ${t('receipt.validFrom', { date: formatLocalDate(t.locale, factor.validFrom, 'date') })}`}
            {factor.source && <span className={styles.note}> {factor.source}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}

function Parts({
  parts,
  onOpen,
}: {
  readonly parts: Receipt['parts'];
  readonly onOpen: (id: string) => void;
}) {
  const t = useTranslator();
  return (
    <>
      <h3>{t('receipt.parts')}</h3>
      <table className={styles.parts}>
        <tbody>
          {parts.map(({ name, sign, value, receipt, source }) => (
            <tr key={`${name} ${receipt ?? ''}`}>
              <th scope="row">
                {receipt ? (
                  <button type="button" className={styles.value} onClick={() => onOpen(receipt)}>
                    {wordText(t, name)}
                  </button>
                ) : (
                  wordText(t, name)
                )}
                {source && <span className={styles.note}> {wordText(t, source)}</span>}
              </th>
              <td>
                {sign === -1 ? '− ' : ''}
                {valueText(t, value)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Readings({
  readings,
  zone,
}: {
  readonly readings: NonNullable<Receipt['readings']>;
  readonly zone: string;
}) {
  const t = useTranslator();
  return (
    <>
      <h3>{t('receipt.readings', { count: readings.count })}</h3>
      <table className={styles.parts}>
        <tbody>
          {readings.shown.map(([at, value]) => (
            <tr key={at}>
              <th scope="row">{formatInstant(t.locale, zone, at, 'dateTime')}</th>
              <td>{value === null ? '—' : formatNumber(t.locale, value, { decimals: 0 })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Intervals({
  intervals,
  zone,
  unit,
}: {
  readonly intervals: Receipt['intervals'];
  readonly zone: string;
  readonly unit: string;
}) {
  const t = useTranslator();
  return (
    <details>
      <summary>{t('receipt.intervals', { count: intervals.length })}</summary>
      <table className={styles.parts}>
        <tbody>
          {intervals.map(([start, quality, delta]) => (
            <tr key={start}>
              <th scope="row">{formatInstant(t.locale, zone, start, 'time')}</th>
              <td>{t(`quality.${intervalQualities[quality] ?? 'missing'}` as 'quality.measured')}</td>
              <td>
                {delta === null ? '—' : `${formatNumber(t.locale, delta, { decimals: 0 })}\u00a0${unit}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Proof({ proof }: { readonly proof: NonNullable<Receipt['proof']> }) {
  const t = useTranslator();
  return (
    <details>
      <summary>{t('receipt.proof', { record: proof.record })}</summary>
      <p className={styles.note}>
        {t('receipt.proofText', { position: proof.position + 1, count: proof.count })}
      </p>
      <CopyText label={t('receipt.line')} text={proof.line} />
      <CopyText label={t('receipt.leaf')} text={proof.leaf} />
      <CopyText label={t('receipt.root')} text={proof.root} />
    </details>
  );
}
