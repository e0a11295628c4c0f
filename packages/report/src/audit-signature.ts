import { emptyDossier, openStatementsOf } from '@wattproof/energy';
import { formatInstant } from '@wattproof/messages';
import type { AuditText } from './audit-text.ts';
import type { Block } from './block.ts';
import type { AuditReportSnapshot } from './snapshot.ts';

/** A digest is longer than the column. */
export const inTwoLines = (digest: string): string => `${digest.slice(0, 32)}\n${digest.slice(32)}`;

/** Section 15: the named auditor's signature; of a draft, what stands open before it can be given. */
export function signatureBlocks(snapshot: AuditReportSnapshot, text: AuditText): Block[] {
  const { t, words } = text;
  const { signature } = snapshot;
  const dossier = snapshot.dossier?.content ?? emptyDossier;
  const head: Block = { kind: 'heading', level: 1, text: t('report.signature') };
  if (signature)
    return [
      head,
      { kind: 'text', text: t('report.signature.text') },
      {
        kind: 'facts',
        rows: [
          [t('report.auditor.name'), signature.name],
          [t('report.auditor.date'), `${formatInstant(text.locale, 'UTC', signature.at, 'dateTime')} (UTC)`],
          [words('dossier.conduct.qualification'), dossier.conduct.qualification ?? ''],
          [words('dossier.conduct.independence'), dossier.conduct.independence ?? ''],
          [t('report.signature.draft'), inTwoLines(signature.draftSha256)],
          [t('report.signature.data'), inTwoLines(signature.draftFingerprint)],
        ],
      },
      { kind: 'note', text: t('report.signature.kind'), tone: 'plain' },
    ];
  const open = openStatementsOf(dossier);
  return [
    head,
    { kind: 'text', text: t(open.length > 0 ? 'report.signature.open' : 'report.signature.ready') },
    ...(open.length > 0
      ? [{ kind: 'list' as const, items: open.map((statement) => words(`dossier.open.${statement}`)) }]
      : []),
    {
      kind: 'fields',
      labels: [t('report.auditor.name'), t('report.auditor.date'), t('report.auditor.signature')],
    },
  ];
}
