/** The pipeline of another checkout of ocrhub, built there, with its defaults: FOLDER. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Ocrhub from 'ocrhub';
import { serve } from './line-protocol.js';

const [folder = ''] = process.argv.slice(2);
const library = pathToFileURL(path.join(folder, 'dist', 'runtime', 'index.js')).href;
const { decodeImage, TextSystem } = (await import(library)) as typeof Ocrhub;
const system = await TextSystem.create({ threads: 1 });

await serve(
  async (picture) => {
    const lines = await system.read(await decodeImage(picture));
    return { texts: lines.map(({ text }) => text), boxes: lines.map(({ text_region }) => text_region) };
  },
  { versions: {}, detector: 'as it was' },
);
