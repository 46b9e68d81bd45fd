import { OcrHubError } from '../errors/error.js';
import type { Session } from '../inference/session.js';

type Dims = readonly (number | undefined)[];

/** The shapes that a stage requires; `undefined` stands for any number. */
interface Expected {
  /** The accepted forms of output: in each, the dimensions of every output. */
  readonly forms: readonly (readonly Dims[])[];
  /** Name in messages: "a detector". */
  readonly kind: string;
}

/**
 * Checks that a network takes N x 3 x height x width and answers in an accepted form, as far as the file declares it.
 *
 * @throws OcrHubError `model_mismatch` with the shape that does not fit
 */
export function requireShapes(session: Session, { forms, kind }: Expected): void {
  requireInput(session, kind);
  const [batch = 1] = session.inputDims;
  if (batch !== 1) throw mismatch(session, `its batch is fixed to ${batch}; ${kind} takes one that is free, or 1`);
  const outputs = session.outputs.map(({ dims }) => dims);
  if (forms.some((form) => form.length === outputs.length && form.every((dims, i) => fits(outputs[i] ?? [], dims))))
    return;
  const wanted = forms.map(shownAll).join(', or ');
  throw mismatch(session, `its output is ${shownAll(outputs)}, that of ${kind} ${wanted}`);
}

/**
 * Checks that a network takes N x 3 x height x width, as far as the file declares it.
 *
 * @param kind name in messages: "a detector"
 * @throws OcrHubError `model_mismatch` with the shape that does not fit
 */
export function requireInput(session: Session, kind: string): void {
  const input = [undefined, 3, undefined, undefined];
  if (fits(session.inputDims, input)) return;
  const order = session.inputDims[3] === 3 ? '; the channels come first here' : '';
  throw mismatch(session, `its input is ${shown(session.inputDims)}, ${kind} takes ${shown(input)}${order}`);
}

interface LineParams {
  readonly batch: { readonly name: string; readonly value: number };
  readonly shape: { readonly name: string; readonly value: { readonly height: number; readonly width?: number } };
}

/**
 * Checks the parameters of a network for text lines against the sizes that are fixed in its file.
 *
 * @throws OcrHubError `model_mismatch` with the parameter to change
 */
export function requireLines(session: Session, { batch, shape }: LineParams): void {
  const [lines = batch.value, , height = shape.value.height, width = shape.value.width] = session.inputDims;
  if (lines !== batch.value) throw mismatch(session, `it takes one line in a run; set ${batch.name} to ${lines}`);
  if (height === shape.value.height && (shape.value.width === undefined || width === shape.value.width)) return;
  throw mismatch(
    session,
    `it takes lines of ${width ?? 'any'} x ${height} pixels; set ${shape.name} to "3, ${height}, ${width ?? 320}"`,
  );
}

/** An undeclared shape fits. */
function fits(dims: Dims, expected: Dims): boolean {
  if (dims.length === 0) return true;
  return (
    dims.length === expected.length &&
    dims.every((dim, i) => dim === undefined || expected[i] === undefined || dim === expected[i])
  );
}

function shown(dims: Dims): string {
  return dims.map((dim) => dim ?? '?').join(' x ');
}

function shownAll(outputs: readonly Dims[]): string {
  return outputs.map(shown).join(' and ');
}

function mismatch(session: Session, problem: string): OcrHubError {
  return new OcrHubError('model_mismatch', { path: session.file, problem });
}
