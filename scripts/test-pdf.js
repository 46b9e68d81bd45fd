// Checks searchable PDF files of 50 pages with poppler, qpdf and pdfium: npm run test:pdf
import { spawnSync } from 'node:child_process';

const { status } = spawnSync('npx', ['vitest', 'run', 'test/pdf'], {
  stdio: 'inherit',
  env: { ...process.env, OCRHUB_TEST_PDF: '1' },
});
process.exitCode = status ?? 1;
