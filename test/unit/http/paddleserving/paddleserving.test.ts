import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { OcrHubError } from '../../../../src/runtime/errors/error.js';
import { toPython } from '../../../../src/runtime/http/protocols/paddleserving/python-literal.js';
import { send, type Answer } from '../../../helpers/http.js';
import { helloLine, startLinesServer, type LinesServer } from '../../../helpers/lines-server.js';

const picture = await readFile('test/fixtures/small.png');
const base64 = picture.toString('base64');

function predict({ url }: LinesServer, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return send(`${url}/ocr/prediction`, { method: 'POST', body: text, headers });
}

interface Prediction {
  readonly err_no: number;
  readonly err_msg: string;
}

describe('POST /ocr/prediction', () => {
  it("answers the request of PaddleOCR's client with the text that the client evaluates", async () => {
    const server = await startLinesServer();
    const { http, text } = await predict(server, { key: ['image'], value: [base64] });
    const value = "[[('Hello ocrhub', 0.99), [[10, 10], [90, 10], [90, 30], [10, 30]]]]";
    expect([http, text]).toEqual([
      200,
      JSON.stringify({ err_no: 0, err_msg: '', key: ['result'], value: [value], tensors: [] }),
    ]);
    expect(server.requests[0]?.files.map(({ bytes }) => picture.equals(bytes))).toEqual([true]);
  });

  it('takes all fields of the gateway, and any content type', async () => {
    const server = await startLinesServer({ pages: [[]] });
    const body = {
      key: ['image'],
      value: [base64],
      tensors: [],
      name: 'ocr',
      method: 'prediction',
      logid: 7,
      clientip: '',
    };
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain']) {
      const { text } = await predict(server, body, { 'Content-Type': type });
      expect(JSON.parse(text)).toMatchObject({ err_no: 0, value: ['[]'] });
    }
  });

  it('gives a text for each page of a document', async () => {
    const server = await startLinesServer({ kind: 'document', pages: [[helloLine], []] });
    const { text } = await predict(server, { key: ['image'], value: [base64] });
    expect(JSON.parse(text)).toMatchObject({
      key: ['result', 'result'],
      value: [expect.stringContaining('Hello') as string, '[]'],
    });
  });

  it.each<[body: unknown, http: number, number: number, message: RegExp]>([
    ['{', 400, 5000, /^The request cannot be read: .*; expected \{"key": \["image"\], "value": \[base64\]\}$/],
    [{}, 200, 5000, /^Request to \/ocr\/prediction: key is nothing: expected a list of texts$/],
    [{ key: ['image'] }, 200, 5000, /: value is nothing: expected a list of texts$/],
    [{ key: ['image'], value: [] }, 200, 5000, /: value is 0: expected one file, as in "key"$/],
    [{ key: ['image', 'image'], value: ['YQ==', 'YQ=='] }, 200, 5000, /: key is 2: expected the name of one file$/],
    [{ key: ['words'], value: ['YQ=='] }, 200, 5000, /: key is "words": expected image$/],
    [{ key: ['image'], value: ['?'] }, 200, 5000, /^value\[0\] is not base64: /],
    [{ key: ['image'], value: ['YQ=='], tensors: [{}] }, 200, 5000, /: tensors/],
    [{ key: ['image'], value: ['YQ=='], name: 'rec' }, 200, 5000, /: name is "rec": expected ocr$/],
    [{ key: ['image'], value: ['YQ=='], fetch: ['res'] }, 200, 5000, /: unknown field "fetch"/],
  ])('refuses %j with err_no', async (body, http, number, message) => {
    const server = await startLinesServer();
    const answer = await predict(server, body);
    const { err_no, err_msg, ...rest } = JSON.parse(answer.text) as Prediction;
    expect([answer.http, err_no, rest]).toEqual([http, number, { key: [], value: [], tensors: [] }]);
    expect(err_msg).toMatch(message);
    expect(server.requests).toEqual([]);
  });

  it('has numbers for a missed deadline, a full queue and a wrong token', async () => {
    const failing = async (error: OcrHubError): Promise<[number, number]> => {
      const fail = (): never => {
        throw error;
      };
      const { http, text } = await predict(await startLinesServer({ fail }), { key: ['image'], value: [base64] });
      return [http, (JSON.parse(text) as Prediction).err_no];
    };
    expect(await failing(new OcrHubError('deadline_missed', { seconds: 60 }))).toEqual([200, 6000]);
    expect(await failing(new OcrHubError('queue_full', { waiting: 64, what: 'requests' }))).toEqual([429, 8000]);
    const { http, text } = await predict(await startLinesServer({ token: 'sesame' }), {});
    expect([http, (JSON.parse(text) as Prediction).err_no]).toEqual([401, 9000]);
  });
});

describe('toPython', () => {
  const texts = [
    '',
    "it's",
    '"',
    '\\',
    "\\'",
    'a\nb\r\t\0',
    '\u2028\u2029\u0085',
    '光学字符',
    '\u{1f600}',
    '\ud800',
    'right \u202e left',
    "'+__import__('os').system('true')+'",
    '{x}%s',
  ];

  it('escapes what ends a text or cannot be seen', () => {
    expect(toPython("it's \\ 光\n\u{e0001}")).toBe("'it\\'s \\\\ 光\\u000a\\U000e0001'");
    expect(toPython([{ tuple: ['a', 1e-7] }, { tuple: [1] }, [[1, 2.5]]])).toBe("[('a', 1e-7), (1,), [[1, 2.5]]]");
    expect(() => toPython(NaN)).toThrow(RangeError);
  });

  it.runIf(spawnSync('python3', ['--version']).status === 0)(
    'writes literals that Python reads as the same texts',
    () => {
      const program = 'import ast, json, sys; print(json.dumps(ast.literal_eval(sys.stdin.read())))';
      const { stdout } = spawnSync('python3', ['-c', program], { input: toPython(texts), encoding: 'utf8' });
      expect(JSON.parse(stdout)).toEqual(texts);
    },
  );
});
