import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { errorTable, type ErrorCode, type ErrorRow } from '../../src/runtime/errors/error.js';
import { root } from '../helpers/cli.js';

it('docs/errors.md lists every error with exit code, HTTP status and HubServing status, and no other', async () => {
  const page = await readFile(path.join(root, 'docs', 'errors.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `([a-z0-9_]+)` +\| (\d) +\| (\d+|–) +\| ("\d+"|–) +\|$/gm)].map((row) =>
    row.slice(1),
  );
  const inCode = (Object.keys(errorTable) as ErrorCode[]).map((code) => {
    const { exit, http, status = '101' }: ErrorRow<never> = errorTable[code];
    return [code, String(exit), ...(http === undefined ? ['–', '–'] : [String(http), `"${status}"`])];
  });
  expect(listed).toEqual(inCode);
});
