export type Attributes = Readonly<Record<string, string | number | undefined>>;

/**
 * An XML element. An undefined attribute is left out.
 *
 * @param content XML: elements, or text from `escapeXml`
 */
export function element(name: string, attributes: Attributes, content = ''): string {
  let start = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) start += ` ${key}="${typeof value === 'number' ? value : escapeXml(value)}"`;
  }
  return content === '' ? `${start}/>` : `${start}>${content}</${name}>`;
}

/** An XML element with each child on rows of its own, for elements in which white space has no meaning. */
export function block(name: string, attributes: Attributes, children: readonly string[]): string {
  return element(name, attributes, children.length === 0 ? '' : `\n${children.join('\n')}\n`);
}

export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>';

/** Text as the content of an element or the value of an attribute. A character that XML forbids becomes U+FFFD. */
export function escapeXml(text: string): string {
  // Most texts are plain, and documents have many.
  if (/^[\w ,.:-]*$/.test(text)) return text;
  return text.replace(forbidden, '\u{fffd}').replace(/[&<>"\t\n\r]/g, (character) => escapes[character] ?? character);
}

/** All but the characters of XML 1.0, section 2.2. A half of a surrogate pair is forbidden too. */
const forbidden = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

// A parser makes spaces of the white space in attributes, unless it is escaped.
const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};
