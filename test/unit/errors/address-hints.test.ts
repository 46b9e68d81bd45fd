import { expect, it } from 'vitest';
import { OcrHubError } from '../../../src/runtime/errors/error.js';

it.each([
  [443, 'listen EACCES: permission denied 127.0.0.1:443', /CAP_NET_BIND_SERVICE.*such as 8443\./],
  [80, 'listen EACCES: permission denied 0.0.0.0:80', /such as 8080\./],
  [9000, 'listen EACCES: permission denied 0.0.0.0:9000', /does not let you use this port/],
  [8866, 'listen EADDRNOTAVAIL: address not available 10.9.8.7:8866', /Use 127\.0\.0\.1/],
])('the hint for port %i after "%s" is about what failed', (port, problem, hint) => {
  expect(new OcrHubError('host_unavailable', { host: '127.0.0.1', port, problem }).hint).toMatch(hint);
});

it('an address with https for a server without it is answered with the one with http', () => {
  const problem = 'what answers there does not speak HTTPS (wrong version number)';
  const error = new OcrHubError('server_unreachable', { url: 'https://10.0.0.1:8868/predict/ocr_system', problem });
  expect(error.hint).toBe('Try http://10.0.0.1:8868/predict/ocr_system');
});
