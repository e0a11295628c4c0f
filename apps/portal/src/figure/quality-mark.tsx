import type { QualityShares } from '@wattproof/contracts/api';
import { formatPercent, type PortalTranslator, quantityText } from '@wattproof/messages';
import styles from './quality-mark.module.css';

/** A strip in true shares: solid measured, hatched estimated, empty missing; the measured percentage beside it. */
export function QualityMark({
  quality,
  t,
  withText = true,
}: {
  readonly quality: QualityShares;
  readonly t: PortalTranslator;
  readonly withText?: boolean;
}) {
  const measured = quality.measured + quality.manual;
  const guessed = quality.estimated + quality.interpolated;
  const percent = (share: number): string => quantityText(formatPercent(t.locale, share));
  const said = t('figure.quality', {
    measured: percent(measured),
    estimated: percent(guessed),
    missing: percent(quality.missing),
  });
  return (
    <span className={styles.mark} title={said}>
      <svg width="28" height="9" viewBox="0 0 28 9" aria-hidden="true">
        <rect x="0.5" y="0.5" width="27" height="8" className={styles.frame} />
        <rect x="0" y="0" width={28 * measured} height="9" className={styles.measured} />
        {guessed > 0.004 && <Hatch from={28 * measured} to={28 * Math.min(1, measured + guessed)} />}
      </svg>
      {withText ? <span aria-hidden="true">{percent(measured)}</span> : null}
      <span className="visually-hidden">{said}</span>
    </span>
  );
}

/** 45° strokes between two abscissas of the strip. */
function Hatch({ from, to }: { readonly from: number; readonly to: number }) {
  const strokes: string[] = [];
  for (let sum = Math.ceil(from / 3) * 3; sum <= to + 9; sum += 3) {
    const [x1, x2] = [Math.max(from, sum - 9), Math.min(to, sum)];
    if (x2 > x1) strokes.push(`M${x1} ${sum - x1}L${x2} ${sum - x2}`);
  }
  return <path d={strokes.join('')} className={styles.hatch} />;
}
