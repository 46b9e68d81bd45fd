import { connect } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openControl } from '../../../src/runtime/servers/control/listen.js';
import { readLine } from '../../../src/runtime/servers/control/line.js';
import { temporaryFolder } from '../../helpers/home.js';
import { serverState } from '../../helpers/state.js';

const lists = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
const objects = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;

it.each([
  ['lists', lists],
  ['objects', objects],
  ['a module of lists', `{"action":"reload","modules":[${lists}]}`],
  ['modules that are objects', `{"action":"reload","modules":${objects}}`],
  ['an action', `{"action":${lists}}`],
  ['another field', `{"action":"describe","more":${objects}}`],
  [
    'parameters of a module',
    `{"action":"reload","modules":[{"route":"a","name":"a","version":"1.0.0","hash":"","params":{"a":${lists}}}]}`,
  ],
])('the control socket answers an error to values nested 50,000 deep, and answers on: %s', async (_, line) => {
  const file = path.join(await temporaryFolder(), 'a.sock');
  const server = await openControl(file, () => Promise.resolve(serverState()));
  onTestFinished(() => server.close());
  const ask = async (text: string): Promise<unknown> => {
    const socket = connect(file, () => socket.write(`${text}\n`));
    onTestFinished(() => void socket.destroy());
    return JSON.parse(await readLine(socket)) as unknown;
  };
  expect(await ask(line)).toMatchObject({
    error: { code: 'value_invalid', details: { problem: expect.stringContaining('nested more than') as string } },
  });
  expect(await ask('{"action":"describe"}')).toHaveProperty('state');
});
