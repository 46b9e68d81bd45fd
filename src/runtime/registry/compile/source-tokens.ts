import jsTokens from 'js-tokens';

/** A token of TypeScript source, other than a comment or white space. A template is split at its values. */
export interface Token {
  readonly text: string;
  /** Its index in the source. */
  readonly at: number;
  /** The number of brackets around it, without itself. */
  readonly depth: number;
}

/** Splits source into tokens. esbuild does not expose its syntax tree. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let [at, depth] = [0, 0];
  for (const { type, value } of jsTokens(source)) {
    const isBracket = type === 'Punctuator';
    if (type === 'TemplateMiddle' || type === 'TemplateTail' || (isBracket && closing.has(value))) depth -= 1;
    if (!blank.has(type)) tokens.push({ text: value, at, depth });
    if (type === 'TemplateHead' || type === 'TemplateMiddle' || (isBracket && opening.has(value))) depth += 1;
    at += value.length;
  }
  return tokens;
}

const opening: ReadonlySet<string> = new Set(['(', '[', '{']);
const closing: ReadonlySet<string> = new Set([')', ']', '}']);
const blank: ReadonlySet<string> = new Set([
  'HashbangComment',
  'LineTerminatorSequence',
  'MultiLineComment',
  'SingleLineComment',
  'WhiteSpace',
]);
