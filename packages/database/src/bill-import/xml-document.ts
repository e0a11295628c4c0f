/**
 * Reads the XML of electronic bills into elements. Only what those need: elements, attributes, text, CDATA; comments and
 * processing instructions are passed over. A document type declaration is refused, so that no entity can be declared.
 */
export interface XmlElement {
  /** Without its namespace's prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, trimmed. */
  readonly text: string;
}

export class XmlFault extends Error {}

const depthLimit = 100;
const elementLimit = 200_000;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const plain = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([A-Za-z]+));/g, (whole, decimal, hexadecimal, name) => {
    const character = name ? entities[name as string] : undefined;
    if (character !== undefined) return character;
    if (name) throw new XmlFault(`the entity ${whole} is not known`);
    const point = decimal ? Number(decimal) : Number.parseInt(hexadecimal as string, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

interface Open {
  readonly name: string;
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^\s>]+)\s*>|<([A-Za-z_][^\s/>]*)((?:\s+[^\s=>/]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)|(<)/g;

function attributesOf(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', double, single] of text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    attributes[localName(name)] = plain(double ?? single ?? '');
  return attributes;
}

/** The root element. @throws XmlFault where the text is not well-formed, or declares a document type. */
export function parseXml(source: string): XmlElement {
  const text = source.replace(/^\uFEFF/, '');
  if (/<!DOCTYPE/i.test(text)) throw new XmlFault('a document type declaration is not accepted');
  const stack: Open[] = [];
  let root: XmlElement | undefined;
  let count = 0;
  const close = (open: Open): void => {
    const element = {
      name: open.name,
      attributes: open.attributes,
      children: open.children,
      text: open.text.trim(),
    };
    const parent = stack.at(-1);
    if (parent) parent.children.push(element);
    else if (root) throw new XmlFault('there is more than one root element');
    else root = element;
  };
  for (const [whole, data, closing, opening, attributes = '', empty, characters, stray] of text.matchAll(
    token,
  )) {
    const current = stack.at(-1);
    if (stray) throw new XmlFault(`a tag is damaged after “${text.slice(0, 40).trim()}…”`);
    if (data !== undefined && current) current.text += data;
    else if (characters !== undefined) {
      if (current) current.text += plain(characters);
      else if (characters.trim() !== '') throw new XmlFault('there is text outside the root element');
    } else if (closing !== undefined) {
      const open = stack.pop();
      if (!open || open.tag !== closing) throw new XmlFault(`</${closing}> closes what is not open`);
      close(open);
    } else if (opening !== undefined) {
      if (++count > elementLimit || stack.length >= depthLimit)
        throw new XmlFault(`there are more than ${elementLimit} elements, or they are nested too deeply`);
      const open: Open = {
        name: localName(opening),
        tag: opening,
        attributes: attributesOf(attributes),
        children: [],
        text: '',
      };
      if (empty) close(open);
      else stack.push(open);
    } else if (whole === '') break;
  }
  if (stack.length > 0) throw new XmlFault(`<${stack.at(-1)?.tag}> is not closed`);
  if (!root) throw new XmlFault('there is no element');
  return root;
}

/** All elements at a path of names below an element. */
export function elementsAt(element: XmlElement, path: string): readonly XmlElement[] {
  let found: readonly XmlElement[] = [element];
  for (const name of path.split('/'))
    found = found.flatMap(({ children }) => children.filter((child) => child.name === name));
  return found;
}

/** Text of the first element at a path; '' where there is none. */
export const textAt = (element: XmlElement, path: string): string => elementsAt(element, path)[0]?.text ?? '';
