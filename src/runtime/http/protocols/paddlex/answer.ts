import { isPdf } from '../../../document/file-format.js';
import { readArchive } from '../../../document/formats/archive.js';
import type { ReadPage } from '../../../document/read-document.js';
import type { OcrHubError } from '../../../errors/error.js';
import type { PredictAnswer } from '../../../service/contract.js';
import { boundsOf } from '../lines/bounds.js';
import { linesOfFile } from '../lines/pages.js';
import type { Asked, Reply } from '../../protocol.js';
import type { OcrRequest } from './request.js';

export function toReply(answer: PredictAnswer, asked: Asked): Reply {
  const pages = linesOfFile(answer, asked.module.route);
  const previews = answer.output === undefined ? [] : readArchive(answer.output.bytes);
  const settings = settingsOf(asked);
  const ocrResults = pages.map((page, i) => {
    const preview = previews[i];
    const prunedResult = prunedResultOf(page, settings);
    return preview === undefined
      ? { prunedResult }
      : { prunedResult, ocrImage: Buffer.from(preview).toString('base64') };
  });
  const { logId = asked.requestId } = asked.parsed as OcrRequest;
  const result = { ocrResults, dataInfo: dataInfoOf(answer, asked) };
  return reply(200, { logId, errorCode: 0, errorMsg: 'Success', result });
}

/** PaddleX answers 422 to each request that it can read but not accept; the HTTP status is the errorCode. */
export function toErrorReply({ message, httpStatus }: OcrHubError, requestId: string): Reply {
  const errorCode = httpStatus === 400 ? 422 : httpStatus;
  return reply(errorCode, { logId: requestId, errorCode, errorMsg: message });
}

interface Body {
  readonly logId: string;
  readonly errorCode: number;
  readonly errorMsg: string;
  readonly result?: object;
}

function reply(http: number, body: Body): Reply {
  const { errorCode, errorMsg } = body;
  const message = errorCode === 0 ? '' : errorMsg;
  return { http, contentType: 'json', body: JSON.stringify(body), status: String(errorCode), message };
}

/** The module's values for this request; undefined for one that the module does not have. */
type Settings = (name: string) => unknown;

function settingsOf({ parsed, module }: Asked): Settings {
  const { properties } = module.fields;
  return (name) => parsed.fields[name] ?? (Object.hasOwn(properties, name) ? properties[name]?.default : undefined);
}

function prunedResultOf({ lines }: ReadPage, setting: Settings): object {
  const polys = lines.map(({ text_region }) => text_region);
  const turnsLines = setting('use_angle_cls') === true;
  const returnsWords = setting('return_word_box') === true;
  return {
    model_settings: { use_doc_preprocessor: false, use_textline_orientation: turnsLines },
    dt_polys: polys,
    text_det_params: {
      limit_side_len: setting('det_limit_side_len'),
      limit_type: setting('det_limit_type'),
      thresh: setting('det_db_thresh'),
      max_side_limit: setting('det_max_side_limit'),
      box_thresh: setting('det_db_box_thresh'),
      unclip_ratio: setting('det_db_unclip_ratio'),
    },
    text_type: 'general',
    // -1: not classified. The angles that the classifier finds are not in the module's answer.
    ...(turnsLines || lines.length === 0 ? {} : { textline_orientation_angles: lines.map(() => -1) }),
    text_rec_score_thresh: setting('drop_score'),
    return_word_box: returnsWords,
    rec_texts: lines.map(({ text }) => text),
    rec_scores: lines.map(({ confidence }) => confidence),
    rec_polys: polys,
    rec_boxes: polys.map(boundsOf),
    ...(returnsWords ? wordsOf(lines) : {}),
  };
}

function wordsOf(lines: ReadPage['lines']): object {
  return {
    text_word: lines.map(({ words = [] }) => words.map(({ text }) => text)),
    text_word_boxes: lines.map(({ words = [] }) => words.map(({ region }) => boundsOf(region))),
  };
}

function dataInfoOf({ files: [file] }: PredictAnswer, { files: [sent] }: Asked): object {
  const sizes = (file?.pages ?? []).map(({ width, height }) => ({ width, height }));
  if (file?.kind !== 'document') return { ...sizes[0], type: 'image' };
  const type = sent !== undefined && isPdf(sent.bytes) ? 'pdf' : 'tiff';
  return { numPages: sizes.length, pages: sizes, type };
}
