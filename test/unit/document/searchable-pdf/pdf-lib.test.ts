import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { OcrHubError } from '../../../../src/runtime/errors/error.js';
import { root } from '../../../helpers/cli.js';

it('where @cantoo/pdf-lib is not installed, an error names the command that installs it', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-'));
  try {
    const outfile = path.join(folder, 'pdf-lib.mjs');
    await build({
      entryPoints: [path.join(root, 'src/runtime/document/searchable-pdf/pdf-lib.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      external: ['@cantoo/pdf-lib'],
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    });
    // In a process of its own, since the test runner finds the package in the folder of the project.
    const script = `import(${JSON.stringify(outfile)}).then((it) => it.loadPdfLib()).catch((error) => console.log(JSON.stringify(error)))`;
    const printed = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd: folder });
    expect(JSON.parse(printed)).toMatchObject({ code: 'package_missing' });
    expect(OcrHubError.from(JSON.parse(printed) as ReturnType<OcrHubError['toJSON']>)).toMatchObject({
      message: 'The package @cantoo/pdf-lib is needed to add text to PDF files, and it is not installed',
      hint: 'Install it beside ocrhub, on the machine that needs it: npm install @cantoo/pdf-lib',
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
