// Reads pictures in a program of your own: node examples/library/read.js picture.jpg ...
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { decodeImage, OcrHubError, TextSystem } from 'ocrhub';

const system = await TextSystem.create({ drop_score: 0.6, threads: availableParallelism() });
try {
  for (const file of process.argv.slice(2)) {
    const image = await decodeImage(await readFile(file));
    for (const { text, confidence } of await system.read(image)) console.log(`${confidence.toFixed(3)}  ${text}`);
  }
} catch (error) {
  if (!OcrHubError.is(error)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
} finally {
  await system.dispose();
}
