/**
 * CPU seconds of a receipt through each protocol, beside those of /predict with HubServing's JSON.
 *
 *   npm run build && node bench/run.js protocols [folder of pictures]
 *     --rounds 3     how often each picture is sent through each protocol
 *     --pictures 6   how many pictures of the folder
 *
 * All run on one server, and take turns within a picture, in another order each round. The seconds are those of the server and
 * its inference process. The row "predict again" is /predict a second time: what differs there is noise. Linux only.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import getPort from 'get-port';
import { ocrhub, root, startServer } from './lib/ocrhub.js';
import { ProcessTree } from './lib/process-tree.js';
import { protocolRequests } from './lib/protocol-requests.js';
import { median, sum } from './lib/statistics.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, pictures: { type: 'string', default: '6' } },
});
const folder = positionals[0] ?? path.join(root, '..', 'shared', 'data', 'receipts');
const pictures = readdirSync(folder)
  .filter((file) => /\.(jpe?g|png)$/i.test(file))
  .sort()
  .slice(0, Number(values.pictures))
  .map((file) => readFileSync(path.join(folder, file)));
if (pictures.length === 0) throw new Error(`${folder} has no pictures`);

/** The second `predict` shows the noise. */
const protocols: Readonly<Record<string, (typeof protocolRequests)[string] | undefined>> = {
  ...protocolRequests,
  'predict again': protocolRequests['predict'],
};

const home = mkdtempSync(path.join(os.tmpdir(), 'ocrhub-protocols-'));
try {
  ocrhub(home, 'install', 'ocr_system');
  const { pid, url } = startServer(home, String(await getPort()), 'ocr_system');
  await measure(new ProcessTree(pid), url);
} finally {
  ocrhub(home, 'serving', 'stop', '--all');
  rmSync(home, { recursive: true, force: true });
}

async function measure(tree: ProcessTree, url: string): Promise<void> {
  const names = Object.keys(protocols);
  /** CPU seconds of each picture and round by the protocol. */
  const seconds = new Map(names.map((name) => [name, [] as number[]]));
  for (const name of names) await secondsOf(name, pictures[0] as Buffer<ArrayBuffer>, tree, url);
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [i, picture] of pictures.entries()) {
      const start = (round * 3 + i) % names.length;
      for (const name of [...names.slice(start), ...names.slice(0, start)]) {
        seconds.get(name)?.push(await secondsOf(name, picture, tree, url));
      }
    }
  }
  const base = seconds.get('predict') ?? [];
  console.log(`${pictures.length} pictures, ${values.rounds} rounds`);
  for (const [name, each] of seconds) {
    const ratio = sum(each) / sum(base);
    const middle = median(each.map((value, i) => value / (base[i] ?? NaN)));
    const mean = sum(each) / each.length;
    console.log(
      `${name.padEnd(16)} ${mean.toFixed(3)} CPU-s  ${ratio.toFixed(3)} of /predict (median of pairs ${middle.toFixed(3)})`,
    );
  }
}

async function secondsOf(name: string, picture: Buffer<ArrayBuffer>, tree: ProcessTree, url: string): Promise<number> {
  const request = protocols[name]?.(picture);
  if (request === undefined) throw new Error(`no protocol ${name}`);
  const before = tree.cpuSeconds();
  const { method = 'POST', path: address, headers = {}, body } = request;
  const response = await fetch(url + address, { method, headers, body });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${name}: HTTP ${response.status} ${answer.slice(0, 300)}`);
  return tree.cpuSeconds() - before;
}
