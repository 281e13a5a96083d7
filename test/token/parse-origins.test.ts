import { GatecastError, parseOrigins } from '@gatecast/token';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

describe('parseOrigins', () => {
  const good: [string, string[]][] = [
    ['', []],
    [' \n\t ', []],
    ['https://cdn.example.com', ['https://cdn.example.com']],
    ['https://cdn.example.com/', ['https://cdn.example.com']],
    ['https://a.example\n  https://b.example:8443 ', ['https://a.example', 'https://b.example:8443']],
    ['HTTPS://CDN.Example.COM', ['https://cdn.example.com']],
    [
      'https://cdn.example.com:443 http://cdn.example.com:80',
      ['https://cdn.example.com', 'http://cdn.example.com'],
    ],
    ['https://bücher.example', ['https://xn--bcher-kva.example']],
    ['http://localhost:5173 http://[::1]:8080', ['http://localhost:5173', 'http://[::1]:8080']],
  ];
  for (const [text, origins] of good) {
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parseOrigins(text), origins);
    });
  }

  for (const text of [
    'cdn.example.com',
    'cdn.example.com:8443',
    'localhost:8080',
    '//cdn.example.com',
    '/',
    '.',
    'null',
    '*',
    '*.example.com',
    'https://*.example.com',
    'https://',
    'https:cdn.example.com',
    'https:///cdn.example.com',
    'https:\\\\cdn.example.com',
    'https://cdn.example.com\\@evil.example',
    'https://cdn.example.com/path',
    'https://cdn.example.com?x',
    'https://cdn.example.com#x',
    'https://user@cdn.example.com',
    'https://cdn.example.com:99999',
    'https://a.example,https://b.example',
    'https://a.example, https://b.example',
    'https://a.example;https://b.example',
    'https://good.example cdn.example.com',
    'ftp://cdn.example.com',
    'blob:https://cdn.example.com',
    'data:text/plain,x',
    'file:///tmp',
  ]) {
    it(`refuses ${text}`, () => {
      assert.throws(
        () => parseOrigins(text),
        (error) => {
          assert.ok(error instanceof GatecastError);
          assert.equal(error.code, 'option-invalid');
          assert.match(error.message, /^token-origins contains /);
          assert.match(error.hint, /token-origins="https:\/\/cdn\.example\.com /);
          return true;
        },
      );
    });
  }

  it('shows no query and no password of what it refuses', () => {
    for (const text of ['https://cdn.example.com?token=S3CRET', 'https://me:S3CRET@cdn.example.com/'])
      assert.throws(
        () => parseOrigins(text),
        (error: Error) => !JSON.stringify(error).includes('S3CRET'),
      );
  });
});
