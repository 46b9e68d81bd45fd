/**
 * A word, a text or a sign of TypeScript. Comments and spaces are none; a template has one before and behind each
 * value.
 */
export interface Token {
  readonly text: string;
  /** Where it starts in the source. */
  readonly at: number;
  /** How many brackets are open around it; a bracket stands outside of its own. */
  readonly depth: number;
}

/**
 * As far as one must read source to know which braces and names are code. No compiler is among what ocrhub installs
 * that tells where something stands: esbuild keeps its syntax tree to itself.
 */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  const open: string[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  while (at < source.length) {
    const skipped = take(blank);
    if (skipped !== undefined) {
      at += skipped.length;
      continue;
    }
    const sign = source.charAt(at);
    const isTemplate = sign === '`' || (sign === '}' && open.at(-1) === '${');
    if (closing.has(sign)) open.pop();
    const text =
      (isTemplate ? take(templatePart) : (take(quoted) ?? take(word))) ??
      (sign === '/' && !endsValue(tokens.at(-1)) ? take(regularExpression) : undefined) ??
      sign;
    tokens.push({ text, at, depth: open.length });
    if (text.endsWith('${') && isTemplate) open.push('${');
    else if (opening.has(text)) open.push(text);
    at += text.length;
  }
  return tokens;
}

const opening: ReadonlySet<string> = new Set(['(', '[', '{']);
const closing: ReadonlySet<string> = new Set([')', ']', '}']);

// Each is tried at one place alone, and nothing follows it there for whose sake it would be stretched.
const blank = /\s+|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/y;
const quoted = /'(?:\\[^]|[^'\\\n])*'|"(?:\\[^]|[^"\\\n])*"/y;
const templatePart = /[`}](?:\\[^]|\$(?!\{)|[^\\`$])*(?:`|\$\{)/y;
const word = /[\p{L}\p{N}_$]+/uy;
const regularExpression = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/\w*/y;

/** Behind a value a slash divides; elsewhere it begins a regular expression. */
function endsValue(token: Token | undefined): boolean {
  return token !== undefined && /[\p{L}\p{N}_$)\]}'"`]$/u.test(token.text) && !beforeValue.test(token.text);
}

const beforeValue = /^(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield|default)$/;
