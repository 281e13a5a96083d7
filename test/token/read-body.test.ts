import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endpointSource, GatecastError, readText } from '@gatecast/token';
import { requestTokens } from '@gatecast/token/internal/source/token-source';

/** A body of 64 KiB chunks without an end. */
function endlessBody(): {
  body: ReadableStream<Uint8Array>;
  cancelled: () => boolean;
  sentBytes: () => number;
} {
  let isCancelled = false;
  let sentBytes = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sentBytes += 65_536;
      controller.enqueue(new Uint8Array(65_536).fill(97));
    },
    cancel() {
      isCancelled = true;
    },
  });
  return { body, cancelled: () => isCancelled, sentBytes: () => sentBytes };
}

const tooLarge = () => new GatecastError('source-too-large', 'too large', { hint: '' });

describe('readText', () => {
  it('reads a body up to the limit, without a byte order mark', async () => {
    const text = `\ufeff${'ä'.repeat(10)}`;
    assert.equal(await readText(new Response(text), { limitBytes: 23, tooLarge }), 'ä'.repeat(10));
  });

  it('reads a response without a body as empty', async () => {
    assert.equal(await readText(new Response(null), { limitBytes: 1, tooLarge }), '');
  });

  it('cancels a longer body at the limit', async () => {
    const { body, cancelled, sentBytes } = endlessBody();
    await assert.rejects(() => readText(new Response(body), { limitBytes: 1_000_000, tooLarge }), {
      code: 'source-too-large',
    });
    assert.equal(cancelled(), true);
    assert.ok(sentBytes() < 1_300_000);
  });
});

describe('the token endpoint source', () => {
  const ask = (response: Response) =>
    requestTokens(
      endpointSource({ url: 'https://backend.example/tokens', fetch: () => Promise.resolve(response) }),
      { purpose: 'playback', streams: ['a'], reason: 'initial' },
      { signal: new AbortController().signal },
    );

  it('cancels a response without an end', async () => {
    const { body, cancelled } = endlessBody();
    const result = await ask(new Response(body));
    assert.ok(result instanceof GatecastError && result.code === 'token-response-too-large');
    assert.equal(cancelled(), true);
  });

  it('does not read the body of an error', async () => {
    const { body, cancelled, sentBytes } = endlessBody();
    const result = await ask(new Response(body, { status: 503 }));
    assert.ok(result instanceof GatecastError && result.code === 'token-endpoint-failed');
    assert.equal(cancelled(), true);
    assert.ok(sentBytes() <= 131_072);
  });

  it('takes a token of at most 16,384 characters', async () => {
    assert.ok(!((await ask(new Response('a'.repeat(16_384)))) instanceof GatecastError));
    const result = await ask(new Response('a'.repeat(16_385)));
    assert.ok(result instanceof GatecastError && result.code === 'token-response-too-large');
  });
});
