import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { exitCodeOf, httpStatusOf, type ErrorCode } from '../../src/runtime/errors/error.js';
import { errorTable } from '../../src/runtime/errors/table.js';
import { hubStatusOf } from '../../src/runtime/http/protocols/hubserving/status.js';
import { root } from '../helpers/cli.js';

it('docs/errors.md lists every error with kind, exit code, HTTP status and HubServing status, and no other', async () => {
  const page = await readFile(path.join(root, 'docs', 'errors.md'), 'utf8');
  const row = /^\| `([a-z0-9_]+)` +\| `(\w+)` +\| (\d) +\| (\d+|–) +\| ("\d+"|–) +\|$/gm;
  const listed = [...page.matchAll(row)].map((cells) => cells.slice(1));
  const inCode = (Object.keys(errorTable) as ErrorCode[]).map((code) => {
    const { kind } = errorTable[code];
    const http = httpStatusOf(code);
    const answer = http === undefined ? ['–', '–'] : [String(http), `"${hubStatusOf(kind)}"`];
    return [code, kind, String(exitCodeOf(code)), ...answer];
  });
  expect(listed).toEqual(inCode);
});
