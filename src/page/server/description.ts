/** What the server says about itself in /openapi.json, as far as the page uses it. */
export interface Description {
  readonly modules: readonly ServedModule[];
  /** Bytes; undefined if the server does not say. */
  readonly maxBody: number | undefined;
}

export interface ServedModule {
  readonly route: string;
  readonly summary: string;
  /** The fields that a request may carry, of the module and for documents. */
  readonly fields: readonly Field[];
  /** The formats in which an answer can be written. */
  readonly formats: readonly string[];
}

export interface Field {
  readonly name: string;
  readonly description: string;
  readonly kind: 'switch' | 'integer' | 'number' | 'choice' | 'text';
  readonly choices: readonly string[];
  /** As text; empty if there is none. */
  readonly defaultText: string;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
}

/** Fields that the page sets itself. */
const ownFields = new Set(['file', 'url', 'urls', 'images', 'format', 'page_pictures', 'paragraphs']);

type Json = Readonly<Record<string, unknown>>;

/** Reads /openapi.json. Parts that it does not have are left out. */
export function parseDescription(openApi: unknown): Description {
  const paths = Object.entries(objectAt(openApi, 'paths'));
  const modules = paths.flatMap(([path, item]) => {
    const route = /^(?:.*\/)?predict\/([^/{}]+)$/.exec(path)?.[1];
    return route === undefined ? [] : [toModule(decodeURIComponent(route), objectAt(item, 'post'))];
  });
  const maxBody = objectAt(openApi, 'info')['x-max-body'];
  return { modules, maxBody: typeof maxBody === 'number' ? maxBody : undefined };
}

function toModule(route: string, operation: Json): ServedModule {
  const form = objectAt(operation, 'requestBody', 'content', 'multipart/form-data', 'schema', 'properties');
  const fields = Object.keys(form).filter((name) => !ownFields.has(name));
  const formats = objectAt(form, 'format')['enum'];
  return {
    route,
    summary: textOf(operation['summary']),
    fields: fields.map((name) => toField(name, objectAt(form, name))),
    formats: Array.isArray(formats) ? formats.filter((name) => typeof name === 'string') : [],
  };
}

function toField(name: string, schema: Json): Field {
  const { description, enum: choices, default: defaultValue, minimum, maximum } = schema;
  return {
    name,
    description: textOf(description),
    kind: kindOf(schema),
    choices: Array.isArray(choices) ? choices.map(fieldText) : [],
    defaultText: defaultValue === undefined || defaultValue === null ? '' : fieldText(defaultValue),
    minimum: typeof minimum === 'number' ? minimum : undefined,
    maximum: typeof maximum === 'number' ? maximum : undefined,
  };
}

function kindOf({ type, enum: choices }: Json): Field['kind'] {
  if (Array.isArray(choices)) return 'choice';
  if (type === 'boolean') return 'switch';
  return type === 'integer' || type === 'number' ? type : 'text';
}

/** A value as the part of a form has it. */
function fieldText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function objectAt(value: unknown, ...keys: readonly string[]): Json {
  let found: unknown = value;
  for (const key of keys) found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  return isObject(found) ? found : {};
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}
