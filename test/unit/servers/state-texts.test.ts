import { expect, it } from 'vitest';
import { toState } from '../../../src/runtime/servers/state/server-state.js';
import { serverState } from '../../helpers/state.js';

const module = { route: 'a', name: 'a', version: '1.0.0', hash: 'b', initArgs: {}, predictArgs: {}, pinned: false };

it.each(['host', 'version', 'startedAt', 'instance', 'birth'] as const)(
  'a state whose %s would begin a new line is no state',
  (key) => {
    for (const text of ['127.0.0.1\nError: forged', 'a\rb', 'a\u001b[2J', 'a\u0085b']) {
      expect(toState({ ...serverState(), [key]: text }, 9400)).toBeUndefined();
    }
    expect(toState({ ...serverState(), [key]: '家 1' }, 9400)?.[key]).toBe('家 1');
  },
);

it.each(['route', 'name', 'version', 'hash'] as const)('nor is one with such a %s of a module', (key) => {
  const withModule = (text: string): unknown => {
    const state = serverState();
    return { ...state, options: { ...state.options, modules: [{ ...module, [key]: text }] } };
  };
  expect(toState(withModule('a\nb'), 9400)).toBeUndefined();
  expect(toState(withModule('a'), 9400)).toBeDefined();
});

it('paths may hold a line end: the home folder may', () => {
  expect(toState({ ...serverState(), logFile: '/a\nb/9400.log', control: '/a\nb/9400.sock' }, 9400)).toBeDefined();
});
