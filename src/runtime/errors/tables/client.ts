import { row } from '../row.js';
import { list } from '../wording.js';

/** `ocrhub predict`. */
export const clientErrors = {
  folder_without_pictures: row<{ folder: string; extensions: readonly string[] }>({
    kind: 'missing',
    message: (d) => `There is no picture in ${d.folder} (${list(d.extensions)})`,
  }),
  server_unreachable: row<{ url: string; problem: string }>({
    kind: 'missing',
    message: (d) => `No server answers at ${d.url}: ${d.problem}`,
    hint: (d) => (isLoopback(d.url) ? 'Start one: ocrhub serving start -m ocr_system' : ''),
  }),
  answer_not_hubserving: row<{ url: string; http: number }>({
    kind: 'failed',
    message: (d) => `What answers at ${d.url} (HTTP ${d.http}) is not an OCR service`,
    hint: () => 'The address of a service ends in /predict/<module>.',
  }),
  /** `cause` and `hint` are those of the server; an older server, or the original, sends neither. */
  server_refused: row<{
    http: number;
    status: string;
    msg: string;
    hint: string;
    cause?: { readonly code: string } | undefined;
  }>({
    kind: 'failed',
    message: (d) => `${d.msg} (HTTP ${d.http}, status "${d.status}")`,
    hint: (d) => d.hint,
  }),
} as const;

/** Whether a URL names this machine, on which the user can start a server. */
function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
