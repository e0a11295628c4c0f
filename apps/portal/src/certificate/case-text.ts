import type { CertificateCase } from '@wattproof/contracts/api';
import type { PortalTranslator } from '@wattproof/messages';

/** Title and method of a case in the reader's language, by its id; its own words where the id is new. */
export function caseText(
  { id, title, method }: Pick<CertificateCase, 'id' | 'title' | 'method'>,
  t: PortalTranslator,
): { readonly title: string; readonly method: string } {
  const [titleKey, methodKey] = [`certificate.caseTitle.${id}`, `certificate.caseMethod.${id}`];
  return { title: t.has(titleKey) ? t(titleKey) : title, method: t.has(methodKey) ? t(methodKey) : method };
}
