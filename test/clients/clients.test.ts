import { execFile, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocrhubJson, root } from '../helpers/cli.js';
import { removeHome, sharedHome, temporaryFolder } from '../helpers/home.js';
import { opened } from '../helpers/http.js';
import { makePdf } from '../helpers/pdf.js';
import { fixtureBytes } from '../helpers/pictures.js';
import { predict, startServer, type TestServer } from '../helpers/server.js';

/*
 * Programs that others made for other OCR servers, with a real server: npm run test:clients. Each is skipped if it is not
 * installed. CLIENTS_PYTHON names a Python, LITEPARSE the command lit, NODE_CLIENTS a folder in which npm installed Node clients.
 */
const python = process.env['CLIENTS_PYTHON'] ?? 'python3';
const liteParse = process.env['LITEPARSE'] ?? 'lit';
const nodeClients = process.env['NODE_CLIENTS'] ?? '.';
const run = promisify(execFile);

const hasModule = (module: string): boolean => spawnSync(python, ['-c', `import ${module}`]).status === 0;
const hasRequests = hasModule('requests');
const hasAzure = hasModule('azure.ai.documentintelligence, azure.ai.formrecognizer');
const hasPaddleOcr = hasModule('paddleocr');
const hasMistral = hasModule('mistralai.client');
const hasLangChain = hasModule('langchain_paddleocr');
const hasHaystack = hasModule('haystack_integrations.components.converters.paddleocr');
const hasMcp = hasModule('mcp, paddleocr_mcp');
const hasTriton = hasModule('tritonclient.http');
const hasKserve = hasModule('kserve');
const hasDocling = hasModule('docling.models.stages.ocr.kserve_v2_ocr_model');
const hasLiteParse = spawnSync(liteParse, ['--version']).status === 0;

/** Runs a module in the folder of the Node clients, where its imports are looked up. */
const inNode = (code: string, args: readonly string[] = []): readonly string[] => [
  '--input-type=module',
  '-e',
  code,
  ...args,
];
const hasPackage = (name: string): boolean =>
  spawnSync(process.execPath, inNode(`await import('${name}')`), { cwd: nodeClients }).status === 0;
const hasNodePaddleOcr = hasPackage('@paddleocr/api-sdk');
const hasNodeAzure = hasPackage('@azure-rest/ai-document-intelligence');
const hasNodeMistral = hasPackage('@mistralai/mistralai');

/** Markdown has other spaces and line ends than the lines, and escapes; its letters are theirs. */
const letters = (text: string): string =>
  Array.from(text.replaceAll(/[\s\\]/g, ''))
    .sort()
    .join('');

const hasAny = [
  ...[hasRequests, hasAzure, hasPaddleOcr, hasMistral, hasLangChain, hasHaystack, hasMcp, hasTriton, hasKserve],
  ...[hasDocling, hasLiteParse, hasNodePaddleOcr, hasNodeAzure, hasNodeMistral],
].includes(true);

describe.runIf(hasAny)('a client made for another OCR server', () => {
  let home: string;
  let server: TestServer;
  let texts: readonly string[];

  beforeAll(async () => {
    home = await sharedHome();
    await ocrhubJson(home, ['install', 'ocr_system']);
    server = await startServer(home, { flags: ['-m', 'ocr_system'] });
    const images = [Buffer.from(fixtureBytes('page.png')).toString('base64')];
    const [lines = []] = opened<{ text: string }[][]>(await predict(server, 'ocr_system', { images })).results;
    texts = lines.map(({ text }) => text);
    expect(texts).toHaveLength(12);
  });

  afterAll(() => removeHome(home));

  async function read(name: string): Promise<unknown> {
    const client = path.join(root, 'test', 'clients', 'clients.py');
    const picture = path.join(root, 'test', 'fixtures', 'page.png');
    const { stdout } = await run(python, [client, name, server.url, picture]);
    return JSON.parse(stdout);
  }

  async function readInNode(name: string): Promise<unknown> {
    const code = await readFile(path.join(root, 'test', 'clients', 'clients.mjs'), 'utf8');
    const picture = path.join(root, 'test', 'fixtures', 'page.png');
    const { stdout } = await run(process.execPath, inNode(code, [name, server.url, picture]), { cwd: nodeClients });
    return JSON.parse(stdout);
  }

  it.runIf(hasRequests).each(['paddleserving', 'paddlex', 'rapidocr', 'umiocr'])('%s gets the lines', async (name) => {
    expect(await read(name)).toEqual(texts);
  });

  it.runIf(hasAzure).each(['azure', 'form_recognizer'])('the SDK %s gets the lines', async (name) => {
    expect(await read(name)).toEqual(texts);
  });

  it.runIf(hasPaddleOcr)("PaddleOCR's client of its hosted service gets the lines", async () => {
    expect(await read('paddleocr_api')).toEqual(texts);
  });

  it.runIf(hasMistral)('the SDK of Mistral gets the paragraphs of an uploaded file', async () => {
    expect(letters(String(await read('mistral')))).toBe(letters(texts.join('')));
  });

  it.runIf(hasLangChain)('the loader of langchain-paddleocr gets the paragraphs', async () => {
    expect(letters(String(await read('langchain')))).toBe(letters(texts.join('')));
  });

  it.runIf(hasHaystack)('the converter of paddleocr-haystack gets the paragraphs', async () => {
    expect(letters(String(await read('haystack')))).toBe(letters(texts.join('')));
  });

  it.runIf(hasNodePaddleOcr)("PaddleOCR's Node client of its hosted service gets the lines", async () => {
    expect(await readInNode('paddleocr')).toEqual(texts);
  });

  it.runIf(hasNodeAzure)('the Node SDK of Azure polls to the lines and the PDF file', async () => {
    expect(await readInNode('azure')).toEqual(texts);
  });

  it.runIf(hasNodeMistral)('the Node SDK of Mistral gets the paragraphs', async () => {
    expect(letters(String(await readInNode('mistral')))).toBe(letters(texts.join('')));
  });

  it.runIf(hasMcp)('paddleocr_mcp gets the lines', async () => {
    expect(await read('paddleocr_mcp')).toEqual(expect.arrayContaining([...texts]));
  });

  it.runIf(hasTriton)('tritonclient gets the lines', async () => {
    expect(await read('triton')).toEqual(texts);
  });

  it.runIf(hasKserve)("KServe's SDK gets the lines", async () => {
    expect(await read('kserve')).toEqual(texts);
  });

  it.runIf(hasDocling)('docling gets the lines, with binary pixels and with numbers in JSON', async () => {
    expect(await read('docling')).toEqual(texts);
  });

  it.runIf(hasLiteParse)('LiteParse gets the lines of a scan', async () => {
    const scan = path.join(await temporaryFolder(), 'scan.pdf');
    await writeFile(scan, await makePdf([{ picture: fixtureBytes('page.png'), size: [760, 330] }]));
    const { stdout } = await run(liteParse, ['parse', scan, '--ocr-server-url', `${server.url}/ocr`]);
    for (const text of texts) expect(stdout).toContain(text);
  });
});
