import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import { START_SCRIPT, START_SCRIPT_HASH, startLine, tokenRequestInit } from '@gatecast/contract';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { startScriptModule, startScriptPath } from '../../.config/start-line/start-script.js';

/** A document with one tag, as far as the line looks at it. */
function runLine(attributes: Readonly<Record<string, string>>): [url: string, init: RequestInit][] {
  const sent: [url: string, init: RequestInit][] = [];
  // What a script has set is an own property; a method is not.
  const tag: object = Object.create({ getAttribute: (name: string) => attributes[name] ?? null }) as object;
  const window = {
    URL,
    origin: 'https://shop.example',
    fetch: (url: string, init: RequestInit) => {
      sent.push([url, init]);
      return Promise.resolve(new Response());
    },
    document: {
      hidden: false,
      baseURI: 'https://shop.example/live/',
      head: { append: () => undefined },
      currentScript: { dataset: { parts: '/a.js' } },
      createElement: () => ({}),
      querySelectorAll: () => [tag],
    },
  };
  runInNewContext(START_SCRIPT, { ...window, self: window });
  return sent;
}

describe('the inline line', () => {
  it('is made from its source (npm run start-line updates it)', async () => {
    assert.equal(readFileSync(startScriptPath, 'utf8'), await startScriptModule());
  });

  it('has at most 1,024 bytes of script', () => {
    assert.ok(Buffer.byteLength(START_SCRIPT) <= 1024, `${Buffer.byteLength(START_SCRIPT)} bytes`);
  });

  it('is a syntax error as a whole where there are no modules: they are older than `??=`', () => {
    assert.ok(START_SCRIPT.includes('??='));
  });

  it('has the hash that a policy needs, and nothing that ends its element', () => {
    assert.equal(START_SCRIPT_HASH, `sha256-${createHash('sha256').update(START_SCRIPT).digest('base64')}`);
    assert.doesNotMatch(START_SCRIPT, /<\/|<!--/);
  });

  it('sends the request that the element would send', () => {
    const [sent] = runLine({ src: 'https://media.example/hls/tv-1.m3u8?x=1', 'token-url': '../api/tokens' });
    const expected = tokenRequestInit(
      { purpose: 'playback', streams: ['tv-1'], reason: 'initial' },
      'same-origin',
    );
    assert.equal(sent?.[0], 'https://shop.example/api/tokens');
    const { method, headers, body, credentials = 'same-origin' } = sent[1];
    assert.deepEqual({ ...(headers as object) }, expected.headers);
    assert.deepEqual([method, body, credentials], [expected.method, expected.body, expected.credentials]);
  });

  it('leaves a name with escapes to the element', () => {
    assert.deepEqual(runLine({ src: 'https://media.example/hls/tv%201.m3u8', 'token-url': '/t' }), []);
  });

  it('is printed with addresses as they are, and not without', () => {
    const line = startLine({ parts: ['/a.js?x&y', '/"b".js'], nonce: 'n"1' });
    assert.ok(line.startsWith('<script data-parts="/a.js?x&amp;y /&quot;b&quot;.js" nonce="n&quot;1">{'));
    assert.throws(() => startLine({ parts: [] }), TypeError);
    assert.throws(() => startLine({ parts: ['/a b.js'] }), TypeError);
  });

  it('is beside gatecast.js, with what the engine needs', async () => {
    const { folder } = await buildGatecast();
    const line = readFileSync(join(folder, 'start.html'), 'utf8');
    const { script, chunks } = JSON.parse(readFileSync(join(folder, 'start.json'), 'utf8')) as {
      script: string;
      chunks: string[];
    };
    assert.equal(script, START_SCRIPT_HASH);
    assert.equal(line, `${startLine({ parts: chunks.map((chunk) => `/${chunk}`) })}\n`);
    for (const chunk of chunks) assert.ok(readFileSync(join(folder, chunk)).length > 0, chunk);
  });
});
