/** A method at an address, as /openapi.json describes it. */
export interface Operation {
  readonly method: string;
  /** With `{name}` for a part that is chosen by the client. */
  readonly path: string;
  /** What a body may hold, by content type. */
  readonly bodies: Readonly<Record<string, Schema>>;
  readonly query: Readonly<Record<string, Schema>>;
  /** Statuses, or `default`. */
  readonly responses: readonly string[];
}

/** The keywords of JSON Schema that the description uses. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
}

interface Described {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: Schema }[];
  readonly responses: Readonly<Record<string, unknown>>;
}

export function operationsOf(description: unknown): Operation[] {
  return Object.entries((description as Description).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody, parameters = [], responses }]) => ({
      method: method.toUpperCase(),
      path,
      bodies: mapValues(requestBody?.content ?? {}, ({ schema = {} }) => schema),
      query: Object.fromEntries(
        parameters.filter((each) => each.in === 'query').map(({ name, schema = {} }) => [name, schema]),
      ),
      responses: Object.keys(responses),
    })),
  );
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
