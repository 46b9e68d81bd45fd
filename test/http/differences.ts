/**
 * The deliberate differences between ocrhub and the recorded original. All other exchanges must have the recorded HTTP
 * status, `status`, `msg`, fields and texts, and nearly the recorded confidences and boxes.
 */
export interface Difference {
  readonly reason: string;
  readonly http: number;
  /** Our HTTP status with --http_status_200, if it differs from the original's. */
  readonly http200?: number;
  readonly status: string;
  /** Our `msg` of each exchange, and our `results` if it is not an error. */
  readonly exchanges: Readonly<Record<string, Ours>>;
}

type Ours = string | RegExp | { readonly msg: string; readonly results: unknown };

const noFormat = 'not a readable file: unsupported image format (expected JPEG, PNG, WebP, TIFF, GIF, BMP or PDF)';
const nothingAt = (what: string): string => `There is nothing at ${what}; pictures are sent to POST /predict/<module>`;
const contentType = (type: string): string =>
  `The content type is "${type}"; send the body as application/json, multipart/form-data, image/* or application/pdf`;
const notAnObject = (got: string): string => `The request is ${got}; expected an object {"images": [base64, ...]}`;
const notReadable = /^The request cannot be read: .+; expected \{"images": \[base64, \.\.\.\]\}$/;
const notAList = (problem: string): string => `The field "images" must be a list of base64 strings: ${problem}`;
const notBase64 = (problem: string, index = 0): string => `images[${index}] is not base64: ${problem}`;
const spaceAt = (position: number): string =>
  `a space at position ${position}; a "+" becomes a space in a form or an address unless it is written as %2B`;
const noMultiple = (count: number): string => `${count} data characters cannot be 1 more than a multiple of 4`;
const noImages = 'The field "images" is missing; expected a list of base64 strings';
const noPaths = 'The field "paths" is refused: it would read files of the server; send the pictures in "images"';
const fieldUnknown = (name: string): string => `Request to ocr_system: unknown field "${name}". See: /openapi.json`;

/** The line in the picture of most exchanges. */
const shopSign = {
  confidence: 0.9992,
  text: '韩国小馆',
  text_region: [
    [5, 2],
    [351, 6],
    [350, 67],
    [5, 63],
  ],
};

export const differences: readonly Difference[] = [
  {
    reason: 'Every answer is the envelope, never an HTML page.',
    http: 404,
    status: '111',
    exchanges: {
      'unknown path': nothingAt('GET /nothing'),
      'two segments': nothingAt('POST /predict/a/b'),
      'POST /predict': nothingAt('POST /predict'),
      'POST /predict/': nothingAt('POST /predict/'),
      'GET /static/x': nothingAt('GET /static/x'),
      'GET /favicon.ico': nothingAt('GET /favicon.ico'),
    },
  },
  {
    reason: 'A slash at the end of an address is ignored.',
    http: 200,
    http200: 200,
    status: '000',
    exchanges: { 'trailing slash': { msg: '', results: [[shopSign]] } },
  },
  {
    reason: 'There is no gradio page.',
    http: 404,
    http200: 404,
    status: '111',
    exchanges: {
      'GET /gradio/ocr_system': nothingAt('GET /gradio/ocr_system'),
      'GET /gradio/nope': nothingAt('GET /gradio/nope'),
    },
  },
  {
    reason: 'Every answer is the envelope, never an HTML page.',
    http: 405,
    status: '112',
    exchanges: {
      'PUT /': 'PUT / is not allowed; allowed: GET, HEAD, OPTIONS, POST',
      'GET /predict/ocr_system': 'GET /predict/ocr_system is not allowed; allowed: POST, OPTIONS',
      'PUT /predict/ocr_system': 'PUT /predict/ocr_system is not allowed; allowed: POST, OPTIONS',
    },
  },
  {
    reason: 'Every answer is the envelope, never an HTML page.',
    http: 415,
    status: '112',
    exchanges: {
      'no content type, JSON body': contentType(''),
      'no content type, empty body': contentType(''),
      'text/plain, JSON body': contentType('text/plain'),
      'form body': contentType('application/x-www-form-urlencoded'),
    },
  },
  {
    reason: 'ocrhub reads forms with files; this one has none.',
    http: 400,
    http200: 400,
    status: '112',
    exchanges: { 'multipart body': notReadable },
  },
  {
    reason: 'Every answer is the envelope, never an HTML page.',
    http: 400,
    status: '112',
    exchanges: {
      'JSON type, empty body': notReadable,
      'malformed JSON': notReadable,
      'malformed JSON (trailing comma)': notReadable,
      'invalid UTF-8': notReadable,
    },
  },
  {
    reason: 'JSON is UTF-8 and has no NaN (RFC 8259); the original guesses UTF-16 and fails with 500 at NaN.',
    http: 400,
    http200: 400,
    status: '112',
    exchanges: { 'UTF-16 body': notReadable, 'NaN literal': notReadable },
  },
  {
    reason: 'The HTTP status says that the module is not there; the words are the same.',
    http: 404,
    status: '111',
    exchanges: {
      'unknown module': 'Module nope is not available.',
      'unknown module, no body': 'Module nope is not available.',
      'unknown module, non-ASCII name': 'Module 中 is not available.',
    },
  },
  {
    reason: 'A body that is no object is always "112"; the original takes some lists and texts for an empty object.',
    http: 400,
    status: '112',
    exchanges: {
      'JSON null': notAnObject('null'),
      'JSON empty array': notAnObject('a list'),
      'JSON array of pairs': notAnObject('a list'),
      'JSON empty string': notAnObject('a string'),
      'JSON two-letter strings': notAnObject('a list'),
    },
  },
  {
    reason: 'A body that is no object is "112"; the original fails with an HTML page and 500.',
    http: 400,
    http200: 200,
    status: '112',
    exchanges: {
      'JSON array': notAnObject('a list'),
      'JSON string': notAnObject('a string'),
      'JSON number': notAnObject('a number'),
      'JSON zero': notAnObject('a number'),
      'JSON true': notAnObject('a boolean'),
      'JSON false': notAnObject('a boolean'),
    },
  },
  {
    reason: 'A request that is wrong is 400, and `msg` says what was wrong and what is expected.',
    http: 400,
    status: '101',
    exchanges: {
      'application/json; charset=utf-8': noImages,
      'application/vnd.x+json': noImages,
      'APPLICATION/JSON': noImages,
      'empty object': noImages,
      'images missing, other key': noImages,
      'images null': notAList('it is null'),
      'images number': notAList('it is a number'),
      'images true': notAList('it is a boolean'),
      'images object': notAList('it is an object'),
      'images object with one key': notAList('it is an object'),
      'images a string of base64': notAList('it is a string'),
      'images empty string': notAList('it is a string'),
      'images a short string': notAList('it is a string'),
      'UTF-8 BOM': notAList('the list is empty'),
      'ocr_system: images []': notAList('the list is empty'),
      'ocr_det: images []': notAList('the list is empty'),
      'ocr_rec: images []': notAList('the list is empty'),
      'ocr_cls: images []': notAList('the list is empty'),
      'extra field, images []': notAList('the list is empty'),
      'images [null]': notAList('images[0] is null'),
      'images [5]': notAList('images[0] is a number'),
      'images [[]]': notAList('images[0] is a list'),
      'images [{}]': notAList('images[0] is an object'),
      'images [""]': notBase64('it is empty'),
      'ocr_det: images [""]': notBase64('it is empty'),
      'ocr_rec: images [""]': notBase64('it is empty'),
      'ocr_cls: images [""]': notBase64('it is empty'),
      'base64 of one character': notBase64(noMultiple(1)),
      'base64 of two characters': notBase64('Incorrect padding: 2 data characters need == behind them'),
      'base64 of three characters': notBase64('Incorrect padding: 3 data characters need = behind them'),
      'base64 of five characters': notBase64(noMultiple(5)),
      'base64 with one =': notBase64('Incorrect padding: 2 data characters need == behind them'),
      'base64 only =': notBase64('it is empty'),
      'base64 only ====': notBase64('it is empty'),
      'base64 with spaces for plus': notBase64(spaceAt(501)),
      'base64 without its padding': notBase64('Incorrect padding: 12979 data characters need = behind them'),
      'extra field, bad base64': notBase64(noMultiple(1)),
      'ocr_system: good and invalid base64': notBase64(noMultiple(1), 1),
      'ocr_det: good and invalid base64': notBase64(noMultiple(1), 1),
      'ocr_rec: good and invalid base64': notBase64(noMultiple(1), 1),
      'ocr_cls: good and invalid base64': notBase64(noMultiple(1), 1),
      'one extra field': fieldUnknown('use_gpu'),
      'two extra fields': fieldUnknown('foo'),
      'extra field self': fieldUnknown('self'),
      'key with non-ASCII': fieldUnknown('中'),
    },
  },
  {
    reason: 'Characters outside the alphabet are an error; the original drops them and decodes something else.',
    http: 400,
    status: '101',
    exchanges: {
      'base64 not alphabet': notBase64('character "!" at position 0'),
      'base64 non-ASCII letters': notBase64('character "中" at position 0'),
    },
  },
  {
    reason: 'The url-safe alphabet is read; the original drops its two other characters and decodes something else.',
    http: 422,
    status: '101',
    exchanges: { 'base64 url-safe alphabet': `No picture could be read: image 0: ${noFormat}` },
  },
  {
    reason: 'The url-safe alphabet is read; the original drops its two other characters and reads no picture.',
    http: 200,
    status: '000',
    exchanges: {
      'base64 url-safe image': { msg: '', results: [[{ angle: '0', confidence: 0.946 }]] },
    },
  },
  {
    reason: '`paths` would let a client read the files of the server.',
    http: 400,
    status: '101',
    exchanges: {
      'paths only': noPaths,
      'paths with images []': noPaths,
      'ocr_rec: paths with images []': noPaths,
      'ocr_det: paths with images []': noPaths,
      'paths to a missing file': noPaths,
      'paths to a file that is no image': noPaths,
      'paths a string': noPaths,
      'paths null with images': noPaths,
      'images and paths': noPaths,
    },
  },
  {
    reason: 'An answer without one readable picture is an error; the original says "000" and gives an empty list.',
    http: 422,
    status: '101',
    exchanges: {
      'base64 with ===': `No picture could be read: image 0: ${noFormat}`,
      'PNG cut in half':
        'No picture could be read: image 0: not a readable file: damaged PNG: vipspng: libpng read error',
      'ocr_system: undecodable bytes': `No picture could be read: image 0: ${noFormat}`,
      'ocr_det: undecodable bytes': `No picture could be read: image 0: ${noFormat}`,
      'ocr_rec: undecodable bytes': `No picture could be read: image 0: ${noFormat}`,
      'ocr_cls: undecodable bytes': `No picture could be read: image 0: ${noFormat}`,
    },
  },
  {
    reason: '`msg` names the pictures that could not be read, and ocr_rec and ocr_cls keep their places, too.',
    http: 200,
    status: '000',
    exchanges: {
      'ocr_system: good, bad, good': {
        msg: `image 1: ${noFormat}`,
        results: [
          [shopSign],
          [],
          [
            {
              confidence: 0.9829,
              text: '怪我咯',
              text_region: [
                [3, 1],
                [135, 12],
                [135, 47],
                [0, 38],
              ],
            },
          ],
        ],
      },
      'ocr_det: good, bad, good': {
        msg: `image 1: ${noFormat}`,
        results: [
          [
            {
              text_region: [
                [5, 2],
                [351, 6],
                [350, 67],
                [5, 63],
              ],
            },
          ],
          [],
          [
            {
              text_region: [
                [3, 1],
                [135, 12],
                [135, 47],
                [0, 38],
              ],
            },
          ],
        ],
      },
      'ocr_rec: good, bad, good': {
        msg: `image 1: ${noFormat}`,
        results: [
          [
            { confidence: 0.9992, text: '韩国小馆' },
            { confidence: 0, text: '' },
            { confidence: 0.0874, text: '然翠' },
          ],
        ],
      },
      'ocr_cls: good, bad, good': {
        msg: `image 1: ${noFormat}`,
        results: [
          [
            { angle: '0', confidence: 0.9999 },
            { angle: '', confidence: 0 },
            { angle: '180', confidence: 1 },
          ],
        ],
      },
    },
  },
  {
    reason: 'A data: prefix is accepted; browsers put it there.',
    http: 200,
    status: '000',
    exchanges: {
      'data: prefix (image/jpeg)': {
        msg: '',
        results: [[shopSign]],
      },
      'data: prefix (image/png)': { msg: '', results: [[]] },
      'data: prefix to ocr_rec': { msg: '', results: [[{ confidence: 0.991, text: '中国网络空间安全' }]] },
    },
  },
];

/** The original reads uninitialized memory here, so that its confidence changes from run to run. */
export const confidenceNotReproducible: readonly string[] = ['JPEG cut in half'];
