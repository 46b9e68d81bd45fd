import { expect, it } from 'vitest';
import { temporaryHome } from '../helpers/home.js';
import { opened, send } from '../helpers/http.js';
import { installProbe } from '../helpers/module.js';
import { whitePng } from '../helpers/pictures.js';
import { predict, startServer, untilLogged } from '../helpers/server.js';

it('the log and the metrics contain the real HTTP status with --http_status_200', async () => {
  const home = await temporaryHome();
  await installProbe(home);
  const server = await startServer(home, { flags: ['-m', 'probe', '--http_status_200', '--grace', '5'] });
  const body = { images: [await whitePng(8)], fail: 'no license' };
  const answer = await predict(server, 'probe', body, { headers: { 'X-Request-Id': 'fails' } });
  expect(opened(answer)).toMatchObject({ http: 200, msg: 'no license', status: '101' });
  const line = await untilLogged(server.logFile, ({ id }) => id === 'fails');
  expect(line).toMatchObject({ httpStatus: 500, message: 'no license' });
  const metrics = await send(`${server.url}/metrics`);
  expect(metrics.text).toMatch(/^ocrhub_requests_total\{.*"500".*\} 1$/m);
});
