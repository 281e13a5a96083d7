import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { START_SCRIPT_HASH, startLine } from '@gatecast/contract';
import { answerScript, startHead } from '@gatecast/server';

describe('startHead', () => {
  const parts = ['/js/gatecast-hls.light-a.js', '/js/gatecast-hls-parts-b.js?v=1&w'];

  it('has the same hints for the head and for the header Link', () => {
    const { head, link, line, hash } = startHead({ parts, mediaOrigins: ['https://media.example'] });
    assert.deepEqual(head.split('\n'), [
      '<link href="https://media.example" rel="preconnect" crossorigin="anonymous">',
      '<link href="/js/gatecast-hls.light-a.js" rel="modulepreload" crossorigin="anonymous" fetchpriority="high">',
      '<link href="/js/gatecast-hls-parts-b.js?v=1&amp;w" rel="modulepreload" crossorigin="anonymous" fetchpriority="high">',
    ]);
    assert.deepEqual(link.split(', '), [
      '<https://media.example>; rel=preconnect; crossorigin=anonymous',
      '</js/gatecast-hls.light-a.js>; rel=modulepreload; crossorigin=anonymous; fetchpriority=high',
      '</js/gatecast-hls-parts-b.js?v=1&w>; rel=modulepreload; crossorigin=anonymous; fetchpriority=high',
    ]);
    assert.equal(line, startLine({ parts }));
    assert.equal(hash, START_SCRIPT_HASH);
  });

  it('connects as the requests with cookies do', () => {
    const { link } = startHead({ parts, mediaOrigins: ['https://media.example'], withCredentials: true });
    assert.match(link, /^<https:\/\/media\.example>; rel=preconnect; crossorigin=use-credentials, /);
  });

  it('refuses what would break out of the header', () => {
    assert.throws(() => startHead({ parts: ['/a.js>;rel=x'] }), TypeError);
    assert.throws(() => startHead({ parts: ['/a.js\n'] }), TypeError);
    assert.throws(() => startHead({ parts: [] }), TypeError);
    assert.throws(() => startHead({ parts, mediaOrigins: ['https://media.example/path'] }), TypeError);
  });
});

describe('answerScript', () => {
  const headers = { 'cache-control': 'no-store' };
  const answer = { tokens: [{ stream: 'a "b"', token: '</script><!--&\u2028' }] };

  it('has no character that ends or changes the element', () => {
    const script = answerScript(answer, { tokenUrl: '/tokens?a&b', headers });
    const [, open = '', text = ''] = /^(<script [^>]*>)(.*)<\/script>$/s.exec(script) ?? [];
    assert.equal(
      open,
      '<script type="application/json" data-gatecast="same-origin&#10;/tokens?a&amp;b&#10;a &quot;b&quot;">',
    );
    assert.doesNotMatch(text, /[<>&\u2028\u2029]/);
    assert.deepEqual(JSON.parse(text), answer);
  });

  it('refuses a page that caches may keep', () => {
    const without: readonly (Headers | Record<string, string>)[] = [
      {},
      { 'Cache-Control': 'private, max-age=0' },
      { 'Cache-Control': 'x-no-store' },
      new Headers({ 'Cache-Control': 'no-cache' }),
    ];
    for (const each of without)
      assert.throws(() => answerScript(answer, { tokenUrl: '/tokens', headers: each }), {
        name: 'TypeError',
        message: /needs the header "Cache-Control: no-store"/,
      });
    answerScript(answer, {
      tokenUrl: '/tokens',
      headers: new Headers({ 'Cache-Control': 'private, No-Store' }),
    });
  });

  it('refuses a response without tokens', () => {
    assert.throws(() => answerScript({ tokens: [] }, { tokenUrl: '/tokens', headers }), TypeError);
  });
});
