import { toPage } from '../../../document/page.js';
import type { ReadPage } from '../../../document/read-document.js';
import { OcrHubError } from '../../../errors/error.js';
import type { PredictAnswer } from '../../../service/contract.js';

/**
 * The pages of the only file of a request, with their lines.
 *
 * @throws OcrHubError `lines_missing` if the module's entries are no lines of text
 */
export function linesOfFile({ files: [file] }: Pick<PredictAnswer, 'files'>, module: string): ReadPage[] {
  return (file?.pages ?? []).map(({ number, width, height, dpi, entry = 'null' }) => {
    const page = toPage({ width, height }, JSON.parse(entry));
    if (page === undefined) throw new OcrHubError('lines_missing', { module });
    return { ...page, number, dpi };
  });
}
