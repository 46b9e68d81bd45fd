/**
 * The source of a module under another name: the text behind `name:` in what is handed to `defineModule`, or exported by
 * default. Undefined where there is none to change, because it stands elsewhere or is no plain text.
 */
export function renameModule(source: string, name: string): string | undefined {
  if (!definedName.test(source)) return undefined;
  return source.replace(definedName, (_, before: string) => `${before}'${name}'`);
}

const text = String.raw`'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"`;
const comment = String.raw`\/\/[^\n]*\n|\/\*[^]*?\*\/`;
/** A member whose value has braces: nothing in them is a member of the definition. */
const inner = String.raw`\{[^{}]*\}`;

/** Not in a line of a comment, which may show an example. */
const definition = String.raw`^(?!\s*(?:\/\/|\/?\*))[^\n]*?(?:\bdefineModule\s*\(|\bexport\s+default)\s*\{`;

const definedName = new RegExp(
  `(${definition}(?:${comment}|${text}|${inner}|[^{}'"/])*?(?<![\\w$.])name:\\s*)(?:${text})`,
  'm',
);
