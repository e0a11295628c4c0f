import type { PortalKey, PortalTranslator } from '@wattproof/messages';
import type { ClientProblem } from '../api/client.ts';

const known: Readonly<Record<string, PortalKey>> = {
  unauthenticated: 'problem.unauthenticated',
  forbidden: 'problem.forbidden',
  notFound: 'problem.notFound',
  conflict: 'problem.conflict',
  tooLarge: 'problem.tooLarge',
  tooManyRequests: 'problem.tooManyRequests',
  notReady: 'problem.notReady',
  dependencyUnavailable: 'problem.dependencyUnavailable',
  network: 'problem.network',
};

/** What a person is told about a failed request: the text of its code, then what the service says about fields. */
export function problemText(t: PortalTranslator, problem: ClientProblem): string {
  const fields = problem.errors.map((e) => `${e.path}: ${e.message}`).join('; ');
  if (problem.code === 'invalid')
    return [t('problem.invalid'), fields === '' ? problem.detail : fields].filter(Boolean).join(' ');
  const key = known[problem.code];
  return key ? t(key) : t('problem.unknown', { detail: problem.detail });
}
