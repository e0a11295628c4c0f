import type { ReportSection } from '@wattproof/energy';
import type { AuditText } from './audit-text.ts';
import type { Block } from './block.ts';
import type { AuditReportSnapshot, ReportPhoto } from './snapshot.ts';

/** The auditor's words and photos, which every section takes. */

export const photoFile = ({ sha256 }: Pick<ReportPhoto, 'sha256'>): string => `photo-${sha256}.jpg`;

/** Paragraphs as they were typed: an empty line begins another one. */
export const paragraphs = (words: string): Block[] =>
  words
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => ({ kind: 'text', text: part }));

export const siteNameOf = (snapshot: AuditReportSnapshot, siteId: string | null, text: AuditText): string =>
  text.site({ siteName: snapshot.sites.find(({ id }) => id === siteId)?.name ?? null });

export function statedBlocks(
  section: ReportSection,
  snapshot: AuditReportSnapshot,
  text: AuditText,
): Block[] {
  const { t } = text;
  const words = paragraphs(snapshot.dossier?.content.texts[section] ?? '');
  const photos = (snapshot.photos ?? []).filter((photo) => photo.section === section);
  return [
    ...(words.length > 0
      ? [{ kind: 'heading' as const, level: 2 as const, text: t('report.stated') }, ...words]
      : []),
    ...(photos.length > 0
      ? [
          {
            kind: 'photos' as const,
            items: photos.map((photo) => ({
              file: photoFile(photo),
              alt: photo.caption,
              caption: [
                photo.caption,
                photo.siteName,
                photo.takenOn ? text.date(photo.takenOn) : null,
                `SHA-256 ${photo.sha256.slice(0, 16)}…`,
              ]
                .filter((part) => part !== null)
                .join(' · '),
            })),
          },
        ]
      : []),
  ];
}
