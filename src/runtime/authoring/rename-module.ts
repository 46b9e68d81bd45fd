import { tokensOf, type Token } from '../registry/compile/source-tokens.js';

/**
 * Changes the name of a module in its source: the string after `name:` in the default export, or else in the only object
 * passed to `defineModule`. Returns undefined if there is no such string.
 */
export function renameModule(source: string, name: string): string | undefined {
  const tokens = tokensOf(source);
  const definition = findDefinition(tokens);
  const old = definition === undefined ? undefined : findName(tokens, definition);
  return old && `${source.slice(0, old.at)}'${name}'${source.slice(old.at + old.text.length)}`;
}

/** The index of the brace that opens the definition. */
function findDefinition(tokens: readonly Token[]): number | undefined {
  const places = [...tokens.keys()];
  const exported = places.find((i) => tokens[i - 2]?.text === 'export' && tokens[i - 1]?.text === 'default');
  if (exported !== undefined && ['{', 'defineModule'].includes(tokens[exported]?.text ?? '')) {
    return braceOf(tokens, exported);
  }
  const calls = places.filter((i) => tokens[i]?.text === 'defineModule' && braceOf(tokens, i) !== undefined);
  return calls.length === 1 ? braceOf(tokens, calls[0] ?? 0) : undefined;
}

/** The index of the brace of the object at `at`, or of the object passed there to `defineModule` or `defineModule<...>`. */
function braceOf(tokens: readonly Token[], at: number): number | undefined {
  if (tokens[at]?.text === '{') return at;
  if (tokens[at]?.text !== 'defineModule') return undefined;
  const isTyped = tokens[at + 1]?.text === '<';
  const call = tokens.findIndex(
    ({ text }, i) => i > at && text === '(' && (isTyped ? tokens[i - 1]?.text === '>' : i === at + 1),
  );
  return call !== -1 && tokens[call + 1]?.text === '{' ? call + 1 : undefined;
}

/** Finds the value of the member `name` if it is a plain string. Ignores members of nested objects. */
function findName(tokens: readonly Token[], definition: number): Token | undefined {
  const inside = (tokens[definition]?.depth ?? 0) + 1;
  for (let i = definition + 1; (tokens[i]?.depth ?? 0) >= inside; i++) {
    if (tokens[i]?.depth !== inside || !/^(['"]?)name\1$/.test(tokens[i]?.text ?? '')) continue;
    const [before, colon, value, after] = [tokens[i - 1], tokens[i + 1], tokens[i + 2], tokens[i + 3]];
    const isMember = (before?.text === ',' || i === definition + 1) && colon?.text === ':';
    if (isMember && isPlainText(value) && (after?.text === ',' || after?.text === '}')) return value;
  }
  return undefined;
}

function isPlainText(token: Token | undefined): boolean {
  return token !== undefined && /^(['"`])[^]*\1$/.test(token.text);
}
