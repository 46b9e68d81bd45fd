import path from 'node:path';
import { Flags } from '@oclif/core';
import type { ConvertResult } from '../runtime/authoring/convert/convert.js';
import { entryToRows } from '../runtime/document/formats/text.js';
import type { LocalResult } from '../runtime/worker/local-module.js';
import { embeddedFolder } from '../runtime/models/manifest.js';
import { resolveHome } from '../runtime/config/home.js';
import { BaseCommand } from './_base.js';

export default class Convert extends BaseCommand {
  static override summary = 'make an installable package of ONNX models of your own';
  static override description =
    'Copies a stock package and sets its parameters to the models, which become a model set of that name in the home folder. Then the package reads one picture; when that fails, nothing is left of it. A detector and a recogniser make an ocr_system, one of them alone an ocr_det or ocr_rec; with --from ocr_system the stock models do the rest.';
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
    rec: Flags.string({ description: 'recogniser: an ONNX file, or a folder with rec.onnx or inference.onnx' }),
    cls: Flags.string({ description: 'line classifier: an ONNX file, or a folder with cls.onnx or inference.onnx' }),
    dict: Flags.string({
      description: 'characters of the recogniser, one a line, or an inference.yml; not needed beside the model',
      dependsOn: ['rec'],
    }),
    from: Flags.string({ description: 'stock package to copy' }),
    output: Flags.string({ description: 'folder to write; by default one called like the module' }),
  };

  override async run(): Promise<ConvertJson> {
    const { flags } = await this.parse(Convert);
    const home = resolveHome();
    // Not before it is needed: the engine takes a while to load, and --help should not wait for it.
    const { convertModels } = await import('../runtime/authoring/convert/convert.js');
    const { LocalModule } = await import('../runtime/worker/local-module.js');
    const tried: LocalResult[] = [];
    const result = await convertModels(home, {
      name: flags.name,
      models: given({ det: flags.det, rec: flags.rec, cls: flags.cls }),
      dict: flags.dict,
      from: flags.from,
      output: flags.output ?? flags.name,
      tryOut: async (folder) => {
        const service = await LocalModule.open(home, folder, { set: [], warmUp: true });
        tried.push(await service.predict(path.join(embeddedFolder, 'warmup.png')));
      },
    });
    const [only] = tried;
    const answer = only !== undefined && 'result' in only ? only.result : undefined;
    this.log(`Wrote ${result.path}; its models are in ${result.models}`);
    const rows = entryToRows(answer).map((row) => `  ${row}`);
    this.log(['A picture with the words "ocrhub 123" gave:', ...rows].join('\n'));
    this.log(`Install it: ${this.config.bin} install ${result.path}`);
    return { ...result, answer };
  }
}

type ConvertJson = ConvertResult & { readonly answer: unknown };

/** Without the flags that were not given. */
function given<T extends Readonly<Record<string, string | undefined>>>(models: T): Partial<Record<keyof T, string>> {
  return Object.fromEntries(Object.entries(models).filter(([, value]) => value !== undefined)) as Partial<
    Record<keyof T, string>
  >;
}
