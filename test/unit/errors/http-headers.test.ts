import { describe, expect, it } from 'vitest';
import { OcrHubError } from '../../../src/runtime/errors/error.js';
import { errorHeaders, readErrorHeaders } from '../../../src/runtime/errors/http-headers.js';

/** An error with any text as its hint. */
function errorWith(hint: string): OcrHubError {
  return new OcrHubError('module_start_failed', { module: 'm', problem: 'p', hint });
}

/** The headers as a client receives them. */
function received(error: OcrHubError): Record<string, string> {
  return Object.fromEntries(Object.entries(errorHeaders(error)).map(([name, value]) => [name.toLowerCase(), value]));
}

describe('the headers of an error', () => {
  it('contain its code and its hint', () => {
    expect(errorHeaders(new OcrHubError('body_stalled', { seconds: 10 }))).toEqual({
      'X-Ocrhub-Error': 'body_stalled',
      'X-Ocrhub-Hint': 'Send it again.',
    });
  });

  it('contain only the code if there is no hint', () => {
    expect(errorHeaders(new OcrHubError('images_missing', {}))).toEqual({ 'X-Ocrhub-Error': 'images_missing' });
  });

  it("do not expose file names of the server from a module's stack", () => {
    const details = { module: 'm', problem: 'p', stack: 'at /srv/m.ts:1:1', frames: 'at /srv/m.ts:1:1' };
    expect(errorHeaders(new OcrHubError('module_threw', details))).toEqual({ 'X-Ocrhub-Error': 'module_threw' });
  });

  it('do not name files of the server when a module threw while it started', () => {
    const hint = 'at initialize (/home/alice/mine/module.ts:14:9)';
    const details = { module: 'm', problem: 'p', hint, cause: { code: 'module_threw' } };
    expect(errorHeaders(new OcrHubError('module_start_failed', details))).toEqual({
      'X-Ocrhub-Error': 'module_start_failed',
    });
  });

  it('have the hint of another error that kept a module from starting', () => {
    const details = { module: 'm', problem: 'p', hint: 'Fetch it.', cause: { code: 'model_missing' } };
    expect(errorHeaders(new OcrHubError('module_start_failed', details))['X-Ocrhub-Hint']).toBe('Fetch it.');
  });

  it.each([
    ['100 % of the disk', '100 %25 of the disk'],
    ['two\r\nlines', 'two lines'],
    ['\u6a21\u578b', '%E6%A8%A1%E5%9E%8B'],
    ['\u{1f600}', '%F0%9F%98%80'],
    ['half of one: \ud83d', 'half of one: %EF%BF%BD'],
    ['\u0000\u007f', '%00%7F'],
  ])('contain only printable ASCII on one line: %j', (hint, header) => {
    expect(errorHeaders(errorWith(hint))['X-Ocrhub-Hint']).toBe(header);
  });

  it.each(['x', '\u578b', '\u{1f600}'])(
    'are cut after 1000 characters without splitting a character: %j',
    (character) => {
      const header = errorHeaders(errorWith(character.repeat(5000)))['X-Ocrhub-Hint'] ?? '';
      expect(header.length).toBeGreaterThan(980);
      expect(header.length).toBeLessThanOrEqual(1000);
      expect(decodeURIComponent(header)).toMatch(new RegExp(`^(${character})+\\.\\.\\.$`, 'u'));
    },
  );
});

describe('a client of ocrhub', () => {
  it.each(['Send it again.', '100 % \u6a21\u578b \u{1f600}'])('reads the code and the hint %j', (hint) => {
    expect(readErrorHeaders(received(errorWith(hint)))).toEqual({ code: 'module_start_failed', hint });
  });

  it('reads an empty hint if there is none', () => {
    expect(readErrorHeaders({ 'x-ocrhub-error': 'images_missing' })).toEqual({ code: 'images_missing', hint: '' });
  });

  it('reads a hint that is not encoded unchanged', () => {
    const headers = { 'x-ocrhub-error': 'internal', 'x-ocrhub-hint': '5 % of it' };
    expect(readErrorHeaders(headers)).toEqual({ code: 'internal', hint: '5 % of it' });
  });

  it.each([undefined, '', 'Not Found', '<b>', 'x'.repeat(100)])(
    'ignores the header %j, which is not a code',
    (code) => {
      expect(readErrorHeaders({ 'x-ocrhub-error': code, 'x-ocrhub-hint': 'Send it again.' })).toBeUndefined();
    },
  );
});
