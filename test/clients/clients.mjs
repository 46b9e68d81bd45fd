// Calls a server as other people's Node clients do. It runs in a folder that has them:
// node --input-type=module -e "$(cat clients.mjs)" NAME BASE_URL PICTURE. Prints the lines or the Markdown as a JSON list.
import { readFile } from 'node:fs/promises';

const [name, base, picture] = process.argv.slice(1);
const data = await readFile(picture);

const clients = {
  async paddleocr() {
    const { Model, PaddleOCRClient } = await import('@paddleocr/api-sdk');
    const client = new PaddleOCRClient({ token: 'any', baseUrl: base });
    const { pages } = await client.ocr({ filePath: picture, model: Model.PPOCRv6 ?? 'PP-OCRv6' });
    return pages[0].prunedResult.rec_texts;
  },
  /** Polls to the result, and takes the searchable PDF file. */
  async azure() {
    const { default: connect, getLongRunningPoller } = await import('@azure-rest/ai-document-intelligence');
    const client = connect(base, { key: 'any' }, { allowInsecureConnection: true });
    const accepted = await client.path('/documentModels/{modelId}:analyze', 'prebuilt-read').post({
      contentType: 'application/json',
      body: { base64Source: data.toString('base64') },
      queryParameters: { output: ['pdf'] },
    });
    if (accepted.status !== '202') throw new Error(`${accepted.status} ${JSON.stringify(accepted.body)}`);
    const poller = getLongRunningPoller(client, accepted);
    const { body } = await poller.pollUntilDone();
    if (body.status !== 'succeeded') throw new Error(JSON.stringify(body));
    const id = new URL(accepted.headers['operation-location']).pathname.split('/').at(-1);
    const place = '/documentModels/{modelId}/analyzeResults/{resultId}/pdf';
    const pdf = await client.path(place, 'prebuilt-read', id).get().asNodeStream();
    const chunks = await pdf.body.toArray();
    const start = Buffer.concat(chunks).subarray(0, 5).toString();
    if (start !== '%PDF-') throw new Error(`The PDF file starts with ${start}`);
    return body.analyzeResult.pages[0].lines.map(({ content }) => content);
  },
  /** A data address, and a file that is uploaded and read by its id. */
  async mistral() {
    const { Mistral } = await import('@mistralai/mistralai');
    const client = new Mistral({ apiKey: 'any', serverURL: base });
    const imageUrl = `data:image/png;base64,${data.toString('base64')}`;
    const read = (document) => client.ocr.process({ model: 'mistral-ocr-latest', document });
    const markdown = async (document) => (await read(document)).pages[0].markdown;
    const direct = await markdown({ type: 'image_url', imageUrl });
    const file = await client.files.upload({ file: { fileName: 'page.png', content: data }, purpose: 'ocr' });
    const uploaded = await markdown({ type: 'file', fileId: file.id });
    const { deleted } = await client.files.delete({ fileId: file.id });
    if (!deleted || uploaded !== direct) throw new Error(JSON.stringify({ deleted, direct, uploaded }));
    return [direct];
  },
};

console.log(JSON.stringify(await clients[name]()));
