import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
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
 * installed. CLIENTS_PYTHON names a Python, LITEPARSE the command lit.
 */
const python = process.env['CLIENTS_PYTHON'] ?? 'python3';
const liteParse = process.env['LITEPARSE'] ?? 'lit';
const run = promisify(execFile);

const hasModule = (module: string): boolean => spawnSync(python, ['-c', `import ${module}`]).status === 0;
const hasRequests = hasModule('requests');
const hasAzure = hasModule('azure.ai.documentintelligence, azure.ai.formrecognizer');
const hasPaddleOcr = hasModule('paddleocr');
const hasMistral = hasModule('mistralai.client');
const hasMcp = hasModule('mcp, paddleocr_mcp');
const hasTriton = hasModule('tritonclient.http');
const hasKserve = hasModule('kserve');
const hasDocling = hasModule('docling.models.stages.ocr.kserve_v2_ocr_model');
const hasLiteParse = spawnSync(liteParse, ['--version']).status === 0;

describe.runIf(hasRequests || hasTriton || hasKserve || hasDocling || hasLiteParse)(
  'a client made for another OCR server',
  () => {
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

    it.runIf(hasRequests).each(['paddleserving', 'paddlex', 'rapidocr', 'umiocr'])(
      '%s gets the lines',
      async (name) => {
        expect(await read(name)).toEqual(texts);
      },
    );

    it.runIf(hasAzure).each(['azure', 'form_recognizer'])('the SDK %s gets the lines', async (name) => {
      expect(await read(name)).toEqual(texts);
    });

    it.runIf(hasPaddleOcr)("PaddleOCR's client of its hosted service gets the lines", async () => {
      expect(await read('paddleocr_api')).toEqual(texts);
    });

    it.runIf(hasMistral)('the SDK of Mistral gets the paragraphs of an uploaded file', async () => {
      const letters = (text: string): string =>
        Array.from(text.replaceAll(/[\s\\]/g, ''))
          .sort()
          .join('');
      expect(letters(String(await read('mistral')))).toBe(letters(texts.join('')));
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
  },
);
