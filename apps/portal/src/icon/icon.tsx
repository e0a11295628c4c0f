import { type IconName, iconShapes } from './icon-shapes.ts';

/** A 16 px line icon; decoration only, the words beside it (or its label) carry the meaning. */
export function Icon({
  name,
  size = 16,
  className,
}: {
  readonly name: IconName;
  readonly size?: number;
  readonly className?: string | undefined;
}) {
  return (
    <svg
      className={className}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6 * (24 / size) * 0.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      // biome-ignore lint/security/noDangerouslySetInnerHtml: shapes come from the icon package at build time
      dangerouslySetInnerHTML={{ __html: iconShapes[name] }}
    />
  );
}
