import { z } from '../../../values/check.js';
import type { PathItem } from '../../protocol.js';
import { layoutRequestFields, ocrFields } from '../pipelines/fields.js';

/** @param takesUrls whether the server fetches files */
export function toOpenApi(takesUrls: boolean): PathItem {
  return toItem(ocrFields, takesUrls, { operationId: 'paddlex_ocr', summary: "PaddleX's OCR pipeline", answer });
}

/** @param takesUrls whether the server fetches files */
export function layoutOpenApi(takesUrls: boolean): PathItem {
  const summary = "PaddleX's pipelines for layouts: lines as paragraphs";
  return toItem(layoutRequestFields, takesUrls, { operationId: 'paddlex_layout', summary, answer: layoutAnswer });
}

interface ItemWords {
  readonly operationId: string;
  readonly summary: string;
  readonly answer: object;
}

function toItem(
  fields: z.ZodObject,
  takesUrls: boolean,
  { operationId, summary, answer: schema }: ItemWords,
): PathItem {
  const { properties = {}, required } = z.toJSONSchema(fields, { io: 'input' });
  const description = `A picture or a PDF file in base64${takesUrls ? ', or its address' : ''}.`;
  const file = { type: 'string', description };
  return {
    post: {
      operationId,
      summary,
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { type: 'object', required, properties: { ...properties, file }, additionalProperties: true },
          },
        },
      },
      responses: {
        '200': { description: 'The lines of each page.', content: { 'application/json': { schema } } },
        default: { description: 'An error.', content: { 'application/json': { schema: error } } },
      },
    },
  };
}

const head = { logId: { type: 'string' }, errorCode: { type: 'integer' }, errorMsg: { type: 'string' } };

const error = { type: 'object', required: Object.keys(head), properties: head };

const size = { width: { type: 'integer' }, height: { type: 'integer' } };

const answer = {
  type: 'object',
  required: [...Object.keys(head), 'result'],
  properties: {
    ...head,
    result: {
      type: 'object',
      required: ['ocrResults', 'dataInfo'],
      properties: {
        ocrResults: {
          type: 'array',
          description: 'An item for each page.',
          items: {
            type: 'object',
            required: ['prunedResult'],
            properties: {
              prunedResult: {
                type: 'object',
                required: ['rec_texts', 'rec_scores', 'rec_polys', 'rec_boxes'],
                properties: {
                  rec_texts: { type: 'array', items: { type: 'string' } },
                  rec_scores: { type: 'array', items: { type: 'number', minimum: 0, maximum: 1 } },
                  rec_polys: { type: 'array', items: { type: 'array', items: { type: 'array' } } },
                  rec_boxes: { type: 'array', items: { type: 'array', items: { type: 'number' } } },
                },
              },
              ocrImage: { type: 'string', description: 'JPEG in base64: the page with its lines.' },
            },
          },
        },
        dataInfo: {
          type: 'object',
          required: ['type'],
          properties: {
            type: { type: 'string', enum: ['image', 'pdf', 'tiff'] },
            ...size,
            numPages: { type: 'integer' },
            pages: { type: 'array', items: { type: 'object', properties: size } },
          },
        },
      },
    },
  },
};

const layoutAnswer = {
  type: 'object',
  required: [...Object.keys(head), 'result'],
  properties: {
    ...head,
    result: {
      type: 'object',
      required: ['layoutParsingResults', 'dataInfo'],
      properties: {
        layoutParsingResults: {
          type: 'array',
          description: 'An item for each page.',
          items: {
            type: 'object',
            required: ['prunedResult', 'markdown'],
            properties: {
              prunedResult: { type: 'object' },
              markdown: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
            },
          },
        },
        dataInfo: answer.properties.result.properties.dataInfo,
      },
    },
  },
};
