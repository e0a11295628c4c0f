import { differenceText, factorChangeText, formatInstant, formulaChangeText } from '@wattproof/messages';
import { inTwoLines } from './audit-signature.ts';
import type { AuditText } from './audit-text.ts';
import type { Block } from './block.ts';
import type { AuditReportSnapshot } from './snapshot.ts';

/** That the report replaces another one, said where it is read first. */
export function reissueNote({ reissue }: AuditReportSnapshot, text: AuditText): Block[] {
  if (!reissue) return [];
  const { name, at } = reissue.signature;
  const date = formatInstant(text.locale, 'UTC', at, 'date');
  return [{ kind: 'note', text: text.t('report.reissue.summary', { name, date }), tone: 'warn' }];
}

/** Annex of a re-issue: what it replaces, which formulas and rules changed, and every figure that came out otherwise. */
export function reissueBlocks({ reissue }: AuditReportSnapshot, text: AuditText): Block[] {
  if (!reissue) return [];
  const { t, words } = text;
  const { signature, sha256, fingerprint, formulas, factors, differences, unchanged } = reissue;
  const at = formatInstant(text.locale, 'UTC', signature.at, 'dateTime');
  return [
    { kind: 'heading', level: 1, text: t('report.reissue') },
    { kind: 'text', text: words('reissue.sameData') },
    {
      kind: 'facts',
      rows: [
        [words('reissue.replaced'), words('sign.signed', { name: signature.name, date: `${at} (UTC)` })],
        [words('reissue.digest'), inTwoLines(sha256)],
        [t('report.signature.data'), inTwoLines(fingerprint)],
      ],
    },
    { kind: 'heading', level: 2, text: words('reissue.changes') },
    {
      kind: 'list',
      items: [
        ...formulas.map((change) => formulaChangeText(words, change)),
        ...factors.map((change) => factorChangeText(words, change)),
      ],
    },
    { kind: 'heading', level: 2, text: words('reissue.differences') },
    { kind: 'text', text: words('reissue.lead', { count: differences.length, unchanged }) },
    ...(differences.length === 0
      ? []
      : [
          {
            kind: 'table',
            table: {
              head: [
                words('reissue.figure'),
                words('reissue.before'),
                words('reissue.after'),
                words('reissue.difference'),
                words('reissue.why'),
              ],
              align: ['left', 'right', 'right', 'right', 'left'],
              widths: [3, 1.8, 1.8, 1.6, 2.2],
              rows: differences.map((one) => {
                const { figure, subject, ...cells } = differenceText(words, one, { formulas, factors });
                return [
                  [figure, subject].filter(Boolean).join('\n'),
                  cells.before,
                  cells.after,
                  cells.difference || '–',
                  cells.why,
                ];
              }),
            },
          } satisfies Block,
        ]),
  ];
}
