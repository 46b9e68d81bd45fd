import { installModule } from '../helpers/module.js';

/**
 * Installs a module that takes the place of ocr_system and does no recognition: it decodes, and answers one line with the
 * size of the picture and the sum of its bytes. Thousands of pictures a minute go through everything else of a server.
 */
export function installLightModule(home: string): Promise<void> {
  return installModule(
    home,
    `
  name: 'ocr_system',
  version: '1.0.0',
  schema: systemParams,
  entries: { empty: [], nested: false },
  predict: ({ images }) => images.map(({ width, height, data }) => {
    let sum = 0;
    for (let i = 0; i < data.length; i += 97) sum = (sum * 31 + data[i]) >>> 0;
    const corners = [[0, 0], [width, 0], [width, height], [0, height]];
    return [{ text: width + ' x ' + height + ' ' + sum, confidence: 1, text_region: corners }];
  }),`,
    `import { systemParams } from 'ocrhub';`,
  );
}
