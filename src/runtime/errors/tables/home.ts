import { row, type NoDetails } from '../row.js';

/** The installation of ocrhub, the home folder, the user's defaults, and questions on the terminal. */
export const homeErrors = {
  installation_broken: row<{ name: string; problem: string }>({
    kind: 'failed',
    message: (d) => `The installation of ocrhub is broken: its package ${d.name} cannot be loaded: ${d.problem}`,
    hint: () => 'Install ocrhub again on this machine, with its optional dependencies.',
  }),
  package_missing: row<{ name: string; purpose: string }>({
    kind: 'not_installed',
    message: (d) =>
      d.name.includes(' ')
        ? `The packages ${d.name.replace(' ', ' and ')} are needed ${d.purpose}, and they are not installed`
        : `The package ${d.name} is needed ${d.purpose}, and it is not installed`,
    hint: (d) => `Install it beside ocrhub, on the machine that needs it: npm install ${d.name}`,
  }),
  defaults_damaged: row<{ file: string; problem: string; mend: string }>({
    kind: 'failed',
    message: (d) => `The file with your defaults, ${d.file}, is damaged: ${d.problem}`,
    hint: (d) => `Fix it: ${d.mend}`,
  }),
  open_files_few: row<{ readonly limit: number; readonly least: number }>({
    kind: 'failed',
    message: (d) => `this process may have ${d.limit} files open, and ocrhub needs ${d.least}`,
    hint: (d) => `Raise the limit: ulimit -n ${8 * d.least}`,
  }),
  output_unwritable: row<{ readonly problem: string }>({
    kind: 'failed',
    message: ({ problem }) => `The output cannot be written: ${problem}`,
    hint: () => 'Redirect it to a file on a disk with free space.',
  }),
  home_unusable: row<{ folder: string; problem: string; holdsDefaults: boolean }>({
    kind: 'failed',
    message: (d) => `The home folder of ocrhub, ${d.folder}, cannot be used: ${d.problem}`,
    // `config set` writes into the folder that holds the defaults.
    hint: (d) =>
      `Make it a writable folder with free space, or set another: OCRHUB_HOME${d.holdsDefaults ? '' : ', or ocrhub config set home PATH'}.`,
  }),
  working_folder_gone: row<NoDetails>({
    kind: 'failed',
    message: () => 'The working directory of this command was removed',
    hint: () => 'Change into a folder that exists: cd',
  }),
  confirmation_needed: row<{ what: string; command: string }>({
    kind: 'usage',
    message: (d) => `${d.what} needs confirmation, and there is no terminal to ask on`,
    hint: (d) => `Confirm with: ${d.command} --yes`,
  }),
} as const;
