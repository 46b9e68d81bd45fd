import { OcrHubError } from '../../../errors/error.js';
import type { ObjectSchema } from '../../../values/json-schema.js';
import type { Form } from '../../body/form.js';
import { predictOnlyFields, predictOnlyProblem } from './predict-only.js';

interface Naming {
  /** The source of the values, for the message. */
  readonly subject: string;
  /** The form of a request in one line, for the message. */
  readonly expected: string;
}

/**
 * The texts of a form by name. Unknown names stay, so that they are refused by their name later.
 *
 * @param own the fields of the module, which come before those of `/predict`
 * @throws OcrHubError `request_malformed` for a name that is there twice, `value_invalid` for a field that only `/predict` has
 */
export function formFields({ texts }: Form, own: ObjectSchema, naming: Naming): Readonly<Record<string, string>> {
  const { subject, expected } = naming;
  const names = new Set<string>();
  for (const [key, value] of texts) {
    // Without the value, which may be a password.
    if (names.has(key)) {
      const problem = `the form has the part ${JSON.stringify(key)} twice`;
      throw new OcrHubError('request_malformed', { problem, expected });
    }
    if (predictOnlyFields.includes(key) && !Object.hasOwn(own.properties, key)) {
      throw new OcrHubError('value_invalid', { subject, key, value, problem: predictOnlyProblem });
    }
    names.add(key);
  }
  return Object.fromEntries(texts);
}
