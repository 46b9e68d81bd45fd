import type { ServedModule } from './description.js';

/** What the user has set, by the name of the field, as text. */
export type FieldValues = Readonly<Record<string, string>>;

/** The fields to send: what differs from the module's own value. */
export function changedFields({ fields }: ServedModule, values: FieldValues): Record<string, string> {
  const set = fields.map(({ name, defaultText }) => [name, values[name] ?? defaultText, defaultText] as const);
  return Object.fromEntries(
    set.filter(([, value, defaultText]) => value !== '' && value !== defaultText).map(([name, value]) => [name, value]),
  );
}
