/**
 * The path to the first key `__proto__` in a value that was parsed from JSON; undefined if there is none. Only JSON.parse makes such a
 * key. What copies it by assignment changes the prototype of the copy instead.
 *
 * @example
 * prototypeKey(JSON.parse('{"a": [{"__proto__": 1}]}')); // ['a', '0', '__proto__']
 */
export function prototypeKey(value: unknown): string[] | undefined {
  const waiting: Place[] = [{ value, above: undefined, key: '' }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (!isPlain(place.value)) continue;
    for (const [key, inner] of Object.entries(place.value)) {
      const below: Place = { value: inner, above: place, key };
      if (key === '__proto__') return pathOf(below);
      if (typeof inner === 'object') waiting.push(below);
    }
  }
  return undefined;
}

interface Place {
  readonly value: unknown;
  readonly above: Place | undefined;
  readonly key: string;
}

function pathOf(place: Place): string[] {
  const keys: string[] = [];
  for (let at = place; at.above !== undefined; at = at.above) keys.unshift(at.key);
  return keys;
}

/** Whether JSON.parse can have made it. Bytes, files and other objects hold no keys of a user. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
}
