// Runs programs that others made for other OCR servers: npm run test:clients. CLIENTS_PYTHON names a Python, LITEPARSE the
// command lit. The tests of programs that are missing are skipped.
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
  [python, ['-c', 'import mistralai.client'], 'pip install mistralai'],
  [python, ['-c', 'import mcp, paddleocr_mcp'], 'pip install mcp paddleocr-mcp'],
  [python, ['-c', 'import tritonclient.http'], 'pip install tritonclient[http]'],
  [python, ['-c', 'import kserve'], 'pip install kserve'],
  [python, ['-c', 'import docling.models.stages.ocr.kserve_v2_ocr_model'], 'pip install docling'],
  [process.env.LITEPARSE ?? 'lit', ['--version'], 'npm install @llamaindex/liteparse'],
];

const missing = needed.filter(([command, args]) => spawnSync(command, args).status !== 0);
for (const [command, args, install] of missing) {
  console.error(`Skipped, because ${command} ${args.join(' ')} fails. Install it: ${install}`);
}

if (missing.length === needed.length) process.exitCode = 1;
else process.exitCode = spawnSync('npx', ['vitest', 'run', 'test/clients'], { stdio: 'inherit' }).status ?? 1;
