import { expect, it } from 'vitest';
import { post, send } from '../../helpers/http.js';
import { startLinesServer } from '../../helpers/lines-server.js';

it('a protocol that shares its address refuses what one that is off would take', async () => {
  const { url } = await startLinesServer({ protocols: ['liteparse'] });
  const refused = await post(`${url}/ocr`, { file: 'YQ==' });
  expect([refused.http, JSON.parse(refused.text)]).toEqual([
    415,
    { error: expect.stringMatching(/send the body as multipart\/form-data$/) as string },
  ]);
});

it('without HubServing, the first protocol that is on writes the errors at unknown addresses', async () => {
  const { url } = await startLinesServer({ protocols: ['umiocr', 'paddlex'] });
  const { http, text } = await send(`${url}/nowhere`);
  expect([http, JSON.parse(text)]).toMatchObject([
    404,
    {
      errorCode: 404,
      errorMsg: 'There is nothing at GET /nowhere; pictures are sent to POST /ocr or POST /layout-parsing',
    },
  ]);
  expect((await send(`${url}/`)).http).toBe(404);
});
