import { row } from '../row.js';
import { nearest } from '../nearest.js';
import { didYouMean, list } from '../wording.js';

/** Packages, and the modules that are installed from them. */
export const registryErrors = {
  package_not_found: row<{
    argument: string;
    isPath: boolean;
    stock: readonly string[];
    suggestion: string | undefined;
  }>({
    kind: 'missing',
    message: (d) =>
      d.isPath
        ? `There is no folder ${d.argument}`
        : `No stock package is called "${d.argument}"; there are: ${list(d.stock)}`,
    hint: (d) =>
      d.suggestion === undefined
        ? 'Name the folder of a package, for example: ocrhub install ./my_ocr'
        : `The stock package of that name: ocrhub install ${d.suggestion}`,
  }),
  package_incomplete: row<{ folder: string; missing: string }>({
    kind: 'failed',
    message: (d) => `${d.folder} is not a service package: it has no ${d.missing}`,
    hint: () => 'A package is a folder with index.ts, module.ts and params.ts (config.json is optional).',
  }),
  folder_not_empty: row<{ folder: string }>({
    kind: 'conflict',
    message: (d) => `${d.folder} already exists and is not empty`,
    hint: () => 'Choose a folder that does not exist yet.',
  }),
  folder_unwritable: row<{ folder: string; problem: string }>({
    kind: 'failed',
    message: (d) => `${d.folder} cannot be written: ${d.problem}`,
    hint: () => 'Choose a writable folder with free space.',
  }),
  file_not_json: row<{ file: string; problem: string }>({
    kind: 'usage',
    message: (d) => `${d.file} is not valid JSON: ${d.problem}`,
  }),
  compile_failed: row<{ place: string; problem: string }>({
    kind: 'failed',
    message: (d) => `${d.place}: ${d.problem}`,
    hint: () => 'Fix it, then run the command again.',
  }),
  native_package_imported: row<{ place: string; name: string }>({
    kind: 'failed',
    message: (d) =>
      `${d.place}: "${d.name}" cannot be used by a module: ocrhub holds it itself, and two copies in one process disturb each other`,
    hint: () => 'Import what you need from "ocrhub", which exports pictures, models and every stage of the pipeline.',
  }),
  package_files_wrong: row<{ file: string; problem: string }>({
    kind: 'usage',
    message: (d) => `"files" in ${d.file} cannot be used: ${d.problem}`,
    hint: () =>
      'Name the files and folders that the module reads at run time, for example "files": ["words.txt", "data"].',
  }),
  package_too_large: row<{
    folder: string;
    maxBytes: number;
    maxFiles: number;
    files: number;
    bytes: number;
    largest: string;
    largestBytes: number;
  }>({
    kind: 'usage',
    message: (d) =>
      `${d.folder} has ${d.files} files with ${d.bytes} bytes that go along with the module, more than ${d.maxFiles} files or ${d.maxBytes} bytes; the largest is ${d.largest} with ${d.largestBytes} bytes`,
    hint: () =>
      'Write a package.json there whose "files" names what the module reads at run time, for example "files": ["words.txt"]. Without a "files" everything in the folder goes along.',
  }),
  module_shape: row<{ folder: string; problem: string }>({
    kind: 'failed',
    message: (d) => `${d.folder} is not a service module: ${d.problem}`,
    hint: () => 'index.ts exports by default what defineModule({ name, version, predict }) returns.',
  }),
  module_load_failed: row<{ folder: string; problem: string }>({
    kind: 'failed',
    message: (d) => `${d.folder} cannot be loaded: ${d.problem}`,
  }),
  module_copy_removed: row<{ copy: string }>({
    kind: 'missing',
    message: (d) => `The copy from which the module runs is gone: ${d.copy}`,
    hint: () => 'Install the module again. A server that serves it needs: ocrhub serving restart',
  }),
  module_of_other_version: row<{ missing: string; version: string }>({
    kind: 'failed',
    message: (d) =>
      `ocrhub ${d.version} has no "${d.missing}", which the module imports: another version of ocrhub installed it`,
    hint: () => 'Install it again with this one: ocrhub install FOLDER',
  }),
  module_name_illegal: row<{ name: string }>({
    kind: 'usage',
    message: (d) => `"${d.name}" is not a legal module name: a letter, then at most 63 letters, digits, "_" or "-"`,
    hint: () => 'Write name or name==version, for example ocr_system==1.0.0',
  }),
  module_version_illegal: row<{ name: string; version: string }>({
    kind: 'usage',
    message: (d) => `"${d.version}" is not a semantic version (of module ${d.name})`,
    hint: () => 'Write three numbers, for example 1.0.0',
  }),
  module_not_installed: row<{ name: string; installed: readonly string[]; stock: readonly string[] }>({
    kind: 'missing',
    message: (d) =>
      `Module ${d.name} is not installed; installed: ${list(d.installed)}${d.stock.includes(d.name) ? '' : didYouMean(d.name, [...d.installed, ...d.stock])}`,
    hint: ({ name, installed, stock }) => {
      if (stock.includes(name)) return `Install it: ocrhub install ${name}`;
      const near = nearest(name, [...installed, ...stock]);
      if (near !== undefined && !installed.includes(near)) return `Install that one: ocrhub install ${near}`;
      return `Install your own folder: ocrhub install ./${name}, or a stock package: ocrhub install NAME, where NAME is one of ${list(stock)}`;
    },
  }),
  version_not_installed: row<{ name: string; version: string; installed: readonly string[] }>({
    kind: 'missing',
    message: (d) => `Version ${d.version} of ${d.name} is not installed; installed: ${list(d.installed)}`,
  }),
  registry_damaged: row<{ file: string; problem: string; name: string; version: string; mend: string }>({
    kind: 'failed',
    message: (d) => `The install of ${d.name} ${d.version} is damaged: ${d.file}: ${d.problem}`,
    hint: (d) => `Fix it: ${d.mend}`,
  }),
} as const;
