import { packageFiles, writeFiles } from './files.js';
import { temporaryFolder } from './home.js';

/** A package that answers the width of each picture, after a while. */
export async function slowPackage(ms: number): Promise<string> {
  const module = `import { defineModule } from 'ocrhub';
const region = [[0, 0], [9, 0], [9, 9], [0, 9]];
export default defineModule({
  name: 'slow',
  version: '1.0.0',
  entries: { empty: [], nested: false },
  predict: async ({ images }) => {
    await new Promise((resolve) => setTimeout(resolve, ${ms}));
    return images.map(({ width }) => [{ text: 'width ' + width, confidence: 1, text_region: region }]);
  },
});
`;
  return writeFiles(await temporaryFolder(), packageFiles(module));
}
