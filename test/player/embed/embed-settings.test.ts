import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GatecastError } from '@gatecast/token';
import { allowedSource, readSettings } from '@gatecast/player/internal/embed/embed-settings';

const BASE = 'https://media.example.com/embed/gatecast-embed.html';
const invalid = { code: 'option-invalid' };

describe('the configuration of an embed page', () => {
  it('allows the origins that it names, and nobody by default', () => {
    const { parents } = readSettings(
      { allowedParents: ['https://a.example:443', 'http://localhost:5173/', 'http://b.example:80/'] },
      BASE,
    );
    assert.deepEqual([...parents], ['https://a.example', 'http://localhost:5173', 'http://b.example']);
    assert.equal(readSettings({ allowedParents: [] }, BASE).parents.size, 0);
  });

  for (const entry of [
    ...['*', 'null', 'https://*', 'https://*.example.com', 'example.com', '//example.com', ''],
    ...[
      'https://a.example/path',
      'https://user@a.example',
      'HTTPS://A.example',
      'file:///',
      'data:text/html,x',
    ],
    ...['https://a.example?x', 'https://a.example#x', 'javascript:alert(1)'],
  ])
    it(`refuses "${entry}" as a page around it`, () => {
      assert.throws(() => readSettings({ allowedParents: [entry] }, BASE), invalid);
    });

  it('says what is wrong in its text, without what could be secret', () => {
    const problem = (config: unknown): string => {
      try {
        readSettings(config, BASE);
      } catch (error) {
        const { message, hint } = error as GatecastError;
        return `${message} ${hint}`;
      }
      return '';
    };
    assert.match(problem('{ "allowedParents": ["https://a.example"], }'), /not valid JSON.*no comma after/);
    assert.match(problem(''), /not valid JSON/);
    assert.match(problem({ allowedParents: ['a.example'] }), /The entry "a\.example" of allowedParents/);
    const secret = problem({
      allowedParents: [],
      allowedSources: ['https://u:pass@a.example/x/?key=secret'],
    });
    assert.match(secret, /The entry "…@a\.example\/x\/" of allowedSources/);
    assert.equal(readSettings('{ "allowedParents": [] }', BASE).parents.size, 0);
  });

  it('refuses what is not a configuration', () => {
    for (const config of [
      ...[null, undefined, [], 'x', 1, {}, { allowedParents: 'https://a.example' }, { allowedParents: [1] }],
      ...[
        { allowedParents: [], allowedParent: [] },
        { allowedParents: [], allowedSources: {} },
      ],
      ...[
        { allowedParents: [], tokenUrl: 1 },
        { allowedParents: [], tokenCredentials: 'all' },
      ],
      ...['https://m.example/live', 'https://m.example/?a/', 'blob:https://m.example/', '*'].map((each) => ({
        allowedParents: [],
        allowedSources: [each],
      })),
    ])
      assert.throws(() => readSettings(config, BASE), invalid);
  });

  it('allows addresses of streams below its folders', () => {
    const settings = readSettings(
      { allowedParents: [], allowedSources: ['/live/', 'https://cdn.example'] },
      BASE,
    );
    const allow = (src: string) => allowedSource(src, settings, BASE);
    assert.equal(allow('/live/a.m3u8'), 'https://media.example.com/live/a.m3u8');
    assert.equal(allow('https://cdn.example/x/a.m3u8?b=1'), 'https://cdn.example/x/a.m3u8?b=1');
    for (const src of [
      ...[
        '/other/a.m3u8',
        '/live',
        '/live/../private/a.m3u8',
        '/live/%2e%2e/private/a.m3u8',
        '//evil.example/',
      ],
      ...['/live/..;/private/a.m3u8', '/live/..;a=b/private/a.m3u8', '/live/%252e%252e/private/a.m3u8'],
      ...['/live/..%25252fprivate/a.m3u8', '/live/..%3b/private/a.m3u8'],
      ...['/live/..%2fprivate/a.m3u8', '/live/%5c..%5ca.m3u8', 'https://cdn.example.evil.example/a.m3u8'],
      ...[
        'http://cdn.example/a.m3u8',
        'https://cdn.example:8443/a.m3u8',
        'https://user:pass@cdn.example/a.m3u8',
      ],
      ...[
        'javascript:alert(1)',
        'data:application/vnd.apple.mpegurl,x',
        'blob:https://cdn.example/1',
        'https://',
      ],
    ])
      assert.throws(() => allow(src), { code: 'source-origin-not-allowed' }, src);
  });

  it('allows no stream from outside by default', () => {
    const settings = readSettings({ allowedParents: [] }, BASE);
    assert.throws(() => allowedSource('/live/a.m3u8', settings, BASE), { code: 'source-origin-not-allowed' });
  });
});
