import type { PathItem } from '../../protocol.js';

const flag = { type: 'boolean' };

const schema = {
  type: 'object',
  properties: {
    image_file: { type: 'string', contentMediaType: 'application/octet-stream' },
    image_data: { type: 'string', contentEncoding: 'base64' },
    use_det: { ...flag, description: 'Only true.' },
    use_cls: { ...flag, description: 'Whether to find lines that are upside down.' },
    use_rec: { ...flag, description: 'Only true.' },
  },
  anyOf: [{ required: ['image_file'] }, { required: ['image_data'] }],
};

const answer = {
  type: 'object',
  additionalProperties: {
    type: 'object',
    required: ['rec_txt', 'dt_boxes', 'score'],
    properties: {
      rec_txt: { type: 'string' },
      dt_boxes: { type: 'array', items: { type: 'array', items: { type: 'number' } } },
      score: { type: 'number' },
    },
  },
};

const error = { type: 'object', required: ['detail'], properties: { detail: { type: 'string' } } };

export const openApi: PathItem = {
  post: {
    operationId: 'rapidocr_ocr',
    summary: "RapidOCR's form",
    requestBody: {
      required: true,
      content: { 'multipart/form-data': { schema }, 'application/x-www-form-urlencoded': { schema } },
    },
    responses: {
      '200': { description: 'The lines.', content: { 'application/json': { schema: answer } } },
      default: { description: 'An error.', content: { 'application/json': { schema: error } } },
    },
  },
};
