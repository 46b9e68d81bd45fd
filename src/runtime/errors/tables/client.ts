import { row } from '../row.js';
import { list } from '../wording.js';

/** Files that `run` and `predict` read and write, and the servers of `predict`. */
export const clientErrors = {
  folder_without_pictures: row<{ folder: string; extensions: readonly string[] }>({
    kind: 'missing',
    message: (d) => `There is no picture and no PDF file in ${d.folder} (${list(d.extensions)})`,
  }),
  pattern_without_files: row<{ pattern: string }>({
    kind: 'missing',
    message: (d) => `No file matches ${d.pattern}`,
  }),
  no_inputs: row<{ module: string | undefined }>({
    kind: 'usage',
    message: (d) =>
      d.module === undefined ? 'No file is named' : `No file is named; ${d.module} is taken as the module`,
    hint: () => 'Name files, folders, patterns such as "scans/*.jpg", or - for standard input.',
  }),
  stdin_unusable: row<{ problem: string }>({
    kind: 'missing',
    message: (d) => `Standard input cannot be read as a file: ${d.problem}`,
    hint: () => 'Pipe a picture or a PDF file into it: ocrhub run - < page.jpg',
  }),
  output_refused: row<{ output: string; problem: string; hint: string }>({
    kind: 'usage',
    message: (d) => `${d.output} cannot be written: ${d.problem}`,
    hint: (d) => d.hint,
  }),
  output_failed: row<{ output: string; problem: string }>({
    kind: 'failed',
    message: (d) => `${d.output} cannot be written: ${d.problem}`,
  }),
  server_unreachable: row<{ url: string; problem: string }>({
    kind: 'missing',
    message: (d) => `No server answers at ${d.url}: ${d.problem}`,
    hint: (d) => {
      if (d.problem.startsWith('its certificate is not trusted'))
        return 'Trust it: --cacert FILE, with its certificate.';
      if (d.problem.startsWith('what answers there does not speak HTTPS'))
        return `Try ${d.url.replace(/^https:/, 'http:')}`;
      return isLoopback(d.url) ? 'Start one: ocrhub serving start -m ocr_system' : '';
    },
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
