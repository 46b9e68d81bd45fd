import { tokensOf, type Token } from './source-tokens.js';

/**
 * The source of a module under another name: the text behind `name:` in what is exported by default, or else in the only
 * object that is handed to `defineModule`. Undefined where there is none to change, because it stands elsewhere or is no
 * plain text.
 */
export function renameModule(source: string, name: string): string | undefined {
  const tokens = tokensOf(source);
  const definition = findDefinition(tokens);
  const old = definition === undefined ? undefined : findName(tokens, definition);
  return old && `${source.slice(0, old.at)}'${name}'${source.slice(old.at + old.text.length)}`;
}

/** The place of the brace that opens the definition. */
function findDefinition(tokens: readonly Token[]): number | undefined {
  const endsWith = (end: number, ...texts: string[]): boolean =>
    texts.every((text, i) => tokens[end - texts.length + i]?.text === text);
  const braces = [...tokens.keys()].filter((i) => tokens[i]?.text === '{');
  const handed = braces.filter((i) => endsWith(i, 'defineModule', '('));
  const exported = braces.find(
    (i) => endsWith(i, 'export', 'default') || endsWith(i, 'export', 'default', 'defineModule', '('),
  );
  return exported ?? (handed.length === 1 ? handed[0] : undefined);
}

/** The text that is the value of the member `name`: not one in a member's value, and not the beginning of something longer. */
function findName(tokens: readonly Token[], definition: number): Token | undefined {
  const inside = (tokens[definition]?.depth ?? 0) + 1;
  for (let i = definition + 1; (tokens[i]?.depth ?? 0) >= inside; i++) {
    if (tokens[i]?.depth !== inside || !/^(['"]?)name\1$/.test(tokens[i]?.text ?? '')) continue;
    const [before, colon, value, behind] = [tokens[i - 1], tokens[i + 1], tokens[i + 2], tokens[i + 3]];
    const isMember = (before?.text === ',' || i === definition + 1) && colon?.text === ':';
    if (isMember && isPlainText(value) && (behind?.text === ',' || behind?.text === '}')) return value;
  }
  return undefined;
}

function isPlainText(token: Token | undefined): boolean {
  return token !== undefined && /^(['"`])[^]*\1$/.test(token.text);
}
