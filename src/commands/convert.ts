import path from 'node:path';
import { readRegularBytes } from '../runtime/files/read-regular.js';
import { Flags } from '@oclif/core';
import type { ConvertResult } from '../runtime/authoring/convert/convert.js';
import { isReadText } from '../runtime/document/page.js';
import { entryToRows } from '../runtime/document/formats/text.js';
import { embeddedFolder } from '../runtime/models/manifest.js';
import { resolveHome } from '../runtime/config/home.js';
import { BaseCommand } from './_base.js';
import { parseOutputPlace } from './_output-place.js';

export default class Convert extends BaseCommand {
  static override summary = 'make an installable package of your own ONNX models';
  static override description =
    'Copies a stock package, copies the models to a model set of the same name in the home folder, and sets the parameters of the package to this set. Then the package reads one picture; if that fails, or a recognizer reads other words than are on it, all of it is removed. A detector and a recognizer make an ocr_system, a single model an ocr_det, ocr_rec or ocr_cls; with --from ocr_system the stock models do the other steps.';
  static override examples = [
    '<%= config.bin %> convert --rec my_rec.onnx --dict my_keys.txt --name my_rec',
    '<%= config.bin %> convert --rec my_rec.onnx --dict my_keys.txt --from ocr_system --name my_ocr',
    '<%= config.bin %> convert --det ./my_det --rec ./my_rec --name my_ocr --output ./services/my_ocr',
  ];
  static override flags = {
    name: Flags.string({ description: 'name of the module and of the model set', required: true }),
    det: Flags.string({
      description: 'detector: an ONNX file, or a folder with det.onnx or inference.onnx',
      atLeastOne: ['det', 'rec', 'cls'],
    }),
    rec: Flags.string({ description: 'recognizer: an ONNX file, or a folder with rec.onnx or inference.onnx' }),
    cls: Flags.string({ description: 'line classifier: an ONNX file, or a folder with cls.onnx or inference.onnx' }),
    dict: Flags.string({
      description:
        'characters of the recognizer, one a line, or an inference.yml; not needed if it is beside the model',
      dependsOn: ['rec'],
    }),
    from: Flags.string({ description: 'stock package to copy' }),
    output: Flags.string({
      description: 'folder to write [default: the name of the module]',
      parse: parseOutputPlace,
    }),
  };

  override async run(): Promise<ConvertJson> {
    const { flags } = await this.parse(Convert);
    const home = resolveHome();
    // Loading the engine takes a while, and --help should not wait for it.
    const { convertModels } = await import('../runtime/authoring/convert/convert.js');
    const { drawnText } = await import('../runtime/authoring/convert/try-out.js');
    const { LocalModule } = await import('../runtime/worker/local-module.js');
    const tried: unknown[] = [];
    const result = await convertModels(home, {
      name: flags.name,
      models: given({ det: flags.det, rec: flags.rec, cls: flags.cls }),
      dict: flags.dict,
      from: flags.from,
      output: flags.output ?? flags.name,
      tryOut: async (folder, set) => {
        const service = await LocalModule.open(home, folder, {
          set,
          warmUp: true,
          onWarning: (text) => this.note(`Warning: ${text}`),
        });
        const { pages } = await service.read(await readRegularBytes(path.join(embeddedFolder, 'warmup.png')));
        tried.push(...pages.map(({ entry = 'null' }) => JSON.parse(entry) as unknown));
        return textOf(tried[0]);
      },
    });
    const [answer] = tried;
    this.log(`Wrote ${result.path}; its models are in ${result.models}`);
    const rows = entryToRows(answer).map((row) => `  ${row}`);
    this.log([`A picture with the words "${drawnText}" gave:`, ...rows].join('\n'));
    this.log(`Install it: ${this.config.bin} install ${result.path}`);
    return { ...result, answer };
  }
}

type ConvertJson = ConvertResult & { readonly answer: unknown };

/** What a module read, with a space between its lines. */
function textOf(entry: unknown): string {
  const lines: readonly unknown[] = Array.isArray(entry) ? entry : [entry];
  return lines.flatMap((line) => (isReadText(line) ? [line.text] : [])).join(' ');
}

/** The flags that were given. */
function given<T extends Readonly<Record<string, string | undefined>>>(models: T): Partial<Record<keyof T, string>> {
  return Object.fromEntries(Object.entries(models).filter(([, value]) => value !== undefined)) as Partial<
    Record<keyof T, string>
  >;
}
