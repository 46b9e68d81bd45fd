import path from 'node:path';
import { readUserConfig } from '../../../src/runtime/config/user-config.js';
import { ocrhubJson } from '../../helpers/cli.js';
import type { Place, Scenario } from './scenario.js';

function settingsOf({ home }: Place): Promise<unknown> {
  return Promise.resolve(readUserConfig(path.join(home, 'config.json')));
}

async function setPort({ home }: Place): Promise<void> {
  await ocrhubJson(home, ['config', 'set', 'port', '9000']);
}

export const settings: readonly Scenario[] = [
  {
    title: 'config set',
    args: () => ['config', 'set', 'port', '9001'],
    below: ['home'],
    state: settingsOf,
    prepare: setPort,
  },
  {
    title: 'config unset --all',
    args: () => ['config', 'unset', '--all'],
    below: ['home'],
    state: settingsOf,
    prepare: setPort,
  },
];
