import type { Locale } from '@wattproof/energy';
import { type FormatXMLElementFn, IntlMessageFormat } from 'intl-messageformat';
import { formatNumber } from './number.ts';

export type Messages = Readonly<Record<string, string>>;
export type MessageValues = Readonly<Record<string, string | number>>;

export interface Translator<Key extends string = string> {
  readonly locale: Locale;
  /** Whether a key that comes from elsewhere (a code of the API) has a text. */
  has(key: string): key is Key;
  /** The text of a key with its placeholders filled. An unknown key is a bug and throws. */
  (key: Key, values?: MessageValues): string;
  /** The same with tags in the text (`<b>…</b>`), which become what the caller makes of them. */
  rich<T>(
    key: Key,
    values: MessageValues,
    tags: Readonly<Record<string, (children: (string | T)[]) => T>>,
  ): (string | T)[];
}

/** A unit after a figure or a placeholder, with the space between. */
const spaceBeforeUnit =
  /(?<=[\d}]) (?=(?:%|°C|ms|min|[smhAVW]|mm²?|VA|[kMG]?Wh|kW|MB|Bits?|bits?)(?![\p{L}\d²]))/gu;

/**
 * Spaces at which no line may break; catalogues write plain ones. Figure and unit stay together in every language; French
 * puts a narrow space before high punctuation and inside guillemets.
 */
export const typeset = (locale: Locale, text: string): string =>
  (locale === 'fr' ? text.replace(/ ([:;!?»%])/g, '\u202f$1').replace(/« /g, '«\u202f') : text).replace(
    spaceBeforeUnit,
    '\u00a0',
  );

/** Reads a catalogue in one locale. Compiled messages are kept, so a translator is made once per locale. */
export function createTranslator<M extends Messages>(
  messages: M,
  locale: Locale,
): Translator<keyof M & string> {
  const compiled = new Map<string, IntlMessageFormat>();
  const compile = (key: string): IntlMessageFormat => {
    const known = compiled.get(key);
    if (known) return known;
    const text = messages[key];
    if (text === undefined) throw new Error(`No message ${key} in ${locale}`);
    const message = new IntlMessageFormat(typeset(locale, text), locale, undefined, {
      formatters: {
        getNumberFormat: () =>
          ({ format: (value: number) => formatNumber(locale, value) }) as Intl.NumberFormat,
        getDateTimeFormat: (...args) => new Intl.DateTimeFormat(...args),
        getPluralRules: (...args) => new Intl.PluralRules(...args),
      },
    });
    compiled.set(key, message);
    return message;
  };
  const translate = (key: string, values?: MessageValues): string => String(compile(key).format(values));
  const rich = <T>(
    key: string,
    values: MessageValues,
    tags: Readonly<Record<string, (children: (string | T)[]) => T>>,
  ): (string | T)[] => {
    const result = compile(key).format<T>({
      ...values,
      ...(tags as Record<string, FormatXMLElementFn<T>>),
    });
    return (Array.isArray(result) ? result : [result]) as (string | T)[];
  };
  return Object.assign(translate, {
    locale,
    rich,
    has: (key: string): key is keyof M & string => Object.hasOwn(messages, key),
  });
}
