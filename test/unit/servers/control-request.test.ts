import { expect, it } from 'vitest';
import { parseRequest } from '../../../src/runtime/servers/control/messages.js';

it.each([
  ['no module', '{"action":"reload","modules":[]}'],
  ['an unknown action', '{"action":"explode"}'],
  ['no object', '[]'],
])('the control socket refuses a request with %s', (_, line) => {
  expect(() => parseRequest(line)).toThrow('the request on the control socket');
});
