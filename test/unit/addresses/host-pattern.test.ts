import { describe, expect, it } from 'vitest';
import { matchesHost, parseHostPattern } from '../../../src/runtime/addresses/host-pattern.js';

describe('parseHostPattern', () => {
  it.each([
    ['example.com', { host: 'example.com', subdomains: false, port: undefined }],
    ['EXAMPLE.com', { host: 'example.com', subdomains: false, port: undefined }],
    ['*.example.com', { host: 'example.com', subdomains: true, port: undefined }],
    ['example.com:8443', { host: 'example.com', subdomains: false, port: 8443 }],
    ['example.com:80', { host: 'example.com', subdomains: false, port: 80 }],
    ['*.example.com:443', { host: 'example.com', subdomains: true, port: 443 }],
    ['intranet', { host: 'intranet', subdomains: false, port: undefined }],
    ['bücher.example', { host: 'xn--bcher-kva.example', subdomains: false, port: undefined }],
    ['203.0.113.7', { host: '203.0.113.7', subdomains: false, port: undefined }],
    ['[2001:db8::7]:8080', { host: '[2001:db8::7]', subdomains: false, port: 8080 }],
  ])('reads %s', (text, pattern) => {
    expect(parseHostPattern(text)).toEqual(pattern);
  });

  it.each([
    '',
    '*',
    '*.',
    '*.com',
    'a.*.com',
    'ex*.com',
    '**.example.com',
    'https://example.com',
    'example.com/path',
    'user@example.com',
    'example.com:',
    'example.com:0',
    'example.com:65536',
    'example.com:http',
    'example.com.',
    'example .com',
    'example.com,other.com',
    'example%2ecom',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '*.0.0.1',
    '[::ffff:127.0.0.1]',
    '[0:0:0:0:0:0:0:1]',
    '::1',
    '[::1',
  ])('refuses %j', (text) => {
    expect(parseHostPattern(text)).toBeUndefined();
  });
});

describe('matchesHost', () => {
  it.each([
    ['example.com', 'https://example.com/a', true],
    ['example.com', 'http://EXAMPLE.COM/a', true],
    ['example.com', 'https://example.com:80/a', true],
    ['example.com', 'https://example.com:8443/a', false],
    ['example.com', 'https://www.example.com/a', false],
    ['example.com', 'https://example.com./a', false],
    ['example.com', 'https://example.com.evil.com/a', false],
    ['example.com', 'https://evilexample.com/a', false],
    ['*.example.com', 'https://www.example.com/a', true],
    ['*.example.com', 'https://a.b.example.com/a', true],
    ['*.example.com', 'https://example.com/a', false],
    ['*.example.com', 'https://evilexample.com/a', false],
    ['*.example.com', 'https://.example.com/a', false],
    ['example.com:8443', 'https://example.com:8443/a', true],
    ['example.com:8443', 'https://example.com/a', false],
    ['example.com:80', 'http://example.com/a', true],
    ['example.com:80', 'https://example.com/a', false],
    ['bücher.example', 'https://xn--bcher-kva.example/a', true],
    ['bücher.example', 'https://BÜCHER.example/a', true],
    // A Cyrillic letter that looks like "a".
    ['example.com', 'https://ex\u0430mple.com/a', false],
    ['example.com', 'https://example\u3002com/a', true],
    ['8.8.8.8', 'http://134744072/a', true],
    ['8.8.8.8', 'http://8.8.8.80/a', false],
    ['[2001:db8::7]', 'http://[2001:DB8:0::7]/a', true],
  ])('%s and %s: %s', (text, url, expected) => {
    const pattern = parseHostPattern(text);
    expect(pattern).toBeDefined();
    if (pattern !== undefined) expect(matchesHost(pattern, new URL(url))).toBe(expected);
  });
});
