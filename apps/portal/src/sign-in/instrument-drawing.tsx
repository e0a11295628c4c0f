import styles from './sign-in.module.css';

const width = 560;

/** A ruled scale with its needle and a day's load above it: the portal's signature, as an ornament. */
export function InstrumentDrawing() {
  const ticks = Array.from({ length: 41 }, (_, i) => i);
  const load = Array.from({ length: 96 }, (_, i) => {
    const h = i / 4;
    const rise = Math.min(1, Math.max(0, (h - 4.5) / 2.5));
    const fall = Math.min(1, Math.max(0, (h - 19.5) / 3.5));
    return 70 + 92 * (rise - fall) + 5 * Math.sin(i * 1.7) + 4 * Math.sin(i * 0.61);
  });
  const x = (i: number): number => (i / 96) * width;
  const path = load
    .slice(0, 62)
    .map(
      (v, i) =>
        `${i === 0 ? 'M' : 'L'}${x(i).toFixed(1)} ${(200 - v).toFixed(1)}L${x(i + 1).toFixed(1)} ${(200 - v).toFixed(1)}`,
    )
    .join('');
  const edge = (offset: number): string =>
    load
      .map((_, i) => {
        const h = i / 4;
        const rise = Math.min(1, Math.max(0, (h - 4.5) / 2.5));
        const fall = Math.min(1, Math.max(0, (h - 19.5) / 3.5));
        return `${x(i).toFixed(1)} ${(200 - 70 - 92 * (rise - fall) + offset).toFixed(1)}`;
      })
      .join('L');
  const lower = edge(14).split('L').reverse().join('L');
  return (
    <svg
      className={styles.drawing}
      viewBox={`0 0 ${width} 262`}
      aria-hidden="true"
      preserveAspectRatio="xMidYMax meet"
    >
      <path d={`M${edge(-14)}L${lower}Z`} fill="var(--band)" />
      <path d={path} fill="none" stroke="var(--carrier-electricity)" strokeWidth="1.8" />
      <path d={`M${x(62)} 214V36`} stroke="var(--accent)" strokeWidth="1.6" />
      <circle
        cx={x(62)}
        cy={200 - (load[61] ?? 0)}
        r="4.500"
        fill="var(--accent)"
        stroke="var(--rail)"
        strokeWidth="2"
      />
      <path d={`M0 214.500H${width}`} stroke="var(--ink)" />
      {ticks.map((i) => (
        <path
          key={i}
          d={`M${(i / 40) * width} 214.500v${i % 5 === 0 ? 10 : 5}`}
          stroke={i % 5 === 0 ? 'var(--ink)' : 'var(--rule-2)'}
        />
      ))}
    </svg>
  );
}
