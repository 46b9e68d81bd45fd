// Tests plugins/ocrmypdf with the real OCRmyPDF: npm run test:ocrmypdf. The variable OCRMYPDF names the command.
import { spawnSync } from 'node:child_process';

const ocrmypdf = process.env.OCRMYPDF ?? 'ocrmypdf';

const needed = [
  [
    ocrmypdf,
    ['--version'],
    'python3 -m venv venv && venv/bin/pip install ocrmypdf, then OCRMYPDF=$PWD/venv/bin/ocrmypdf',
  ],
  ['gs', ['--version'], 'apt-get install ghostscript'],
  ['pdftotext', ['-v'], 'apt-get install poppler-utils'],
];

const missing = needed.filter(([command, args]) => spawnSync(command, args).status !== 0);
for (const [command, , install] of missing) console.error(`Cannot run ${command}. Install it: ${install}`);

if (missing.length > 0) process.exitCode = 1;
else {
  const { status } = spawnSync('npx', ['vitest', 'run', 'test/plugins'], {
    stdio: 'inherit',
    env: { ...process.env, OCRMYPDF: ocrmypdf },
  });
  process.exitCode = status ?? 1;
}
