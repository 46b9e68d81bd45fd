// Runs programs that others made for other OCR servers: npm run test:clients. CLIENTS_PYTHON names a Python, LITEPARSE the
// command lit, NODE_CLIENTS a folder in which npm installed Node clients. The tests of programs that are missing are skipped.
import { spawnSync } from 'node:child_process';

const python = process.env.CLIENTS_PYTHON ?? 'python3';
const needed = [
  [python, ['-c', 'import requests'], 'pip install requests'],
  [
    python,
    ['-c', 'import azure.ai.documentintelligence, azure.ai.formrecognizer'],
    'pip install azure-ai-documentintelligence azure-ai-formrecognizer',
  ],
  [python, ['-c', 'import paddleocr'], 'pip install paddleocr'],
  [python, ['-c', 'import langchain_paddleocr'], 'pip install langchain-paddleocr'],
  [python, ['-c', 'import haystack_integrations.components.converters.paddleocr'], 'pip install paddleocr-haystack'],
  [python, ['-c', 'import mistralai.client'], 'pip install mistralai'],
  [python, ['-c', 'import mcp, paddleocr_mcp'], 'pip install mcp paddleocr-mcp'],
  [python, ['-c', 'import tritonclient.http'], 'pip install tritonclient[http]'],
  [python, ['-c', 'import kserve'], 'pip install kserve'],
  [python, ['-c', 'import docling.models.stages.ocr.kserve_v2_ocr_model'], 'pip install docling'],
  [process.env.LITEPARSE ?? 'lit', ['--version'], 'npm install @llamaindex/liteparse'],
  ...['@paddleocr/api-sdk', '@azure-rest/ai-document-intelligence', '@mistralai/mistralai'].map((name) => [
    process.execPath,
    ['--input-type=module', '-e', `await import('${name}')`],
    `npm install ${name}, in the folder NODE_CLIENTS`,
  ]),
];
const cwd = process.env.NODE_CLIENTS ?? '.';

const missing = needed.filter(
  ([command, args]) => spawnSync(command, args, { cwd: command === process.execPath ? cwd : '.' }).status !== 0,
);
for (const [command, args, install] of missing) {
  console.error(`Skipped, because ${command} ${args.join(' ')} fails. Install it: ${install}`);
}

if (missing.length === needed.length) process.exitCode = 1;
else process.exitCode = spawnSync('npx', ['vitest', 'run', 'test/clients'], { stdio: 'inherit' }).status ?? 1;
