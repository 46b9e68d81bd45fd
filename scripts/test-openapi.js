// Compares /openapi.json with a server that has all protocols: npm run test:openapi. schemathesis sends requests that follow the
// description and requests that do not; the server must answer none with 5xx, and none in another way than described.
// SCHEMATHESIS names the command: pip install schemathesis. The options after -- go to `schemathesis run`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import getPort from 'get-port';

const schemathesis = process.env.SCHEMATHESIS ?? 'schemathesis';
const bin = path.join(import.meta.dirname, '..', 'bin', 'run.js');

if (spawnSync(schemathesis, ['--version']).status !== 0) {
  console.error(`${schemathesis} --version fails. Install it: pip install schemathesis`);
  process.exit(1);
}

const home = mkdtempSync(path.join(os.tmpdir(), 'ocrhub-openapi-'));
const ocrhub = (...args) => {
  const { status, stderr } = spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    env: { ...process.env, OCRHUB_HOME: home },
  });
  if (status !== 0) throw new Error(`ocrhub ${args.join(' ')}: ${stderr}`);
};

const port = await getPort();
const options = ['--max-examples', '8', '--max-time', '120', '--workers', '1', '--generation-deterministic'];
// Whether the server accepts a request is no matter of its description: text in base64 is no picture yet.
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
];
try {
  ocrhub('install', 'ocr_system');
  ocrhub('serving', 'start', '-m', 'ocr_system', '-p', String(port));
  const address = `http://127.0.0.1:${port}/openapi.json`;
  const args = ['run', address, '--checks', checks.join(','), ...options, ...process.argv.slice(2)];
  process.exitCode = spawnSync(schemathesis, args, { stdio: 'inherit', cwd: home }).status ?? 1;
} finally {
  ocrhub('serving', 'stop', '--all');
  rmSync(home, { recursive: true, force: true });
}
