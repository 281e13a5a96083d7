import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openReceiverAddress, receiverSecret } from '@gatecast/player/internal/loading/receiver-address';
import { FakeClock } from '../support/fake-clock.js';

const SIGNER = 'https://page.test/hls/sign';
const URL_OF_STREAM = 'https://cdn.test/live/demo.m3u8';

/** A signer whose responses the test chooses, the last one from then on. */
function setUp(responses: readonly (number | 'offline')[] = [200]) {
  const time = new FakeClock();
  const sent: { body: Record<string, unknown>; init: RequestInit }[] = [];
  const stop = new AbortController();
  let refreshes = 0;
  const fetch: typeof globalThis.fetch = (_, init = {}) => {
    const body = JSON.parse(typeof init.body === 'string' ? init.body : '{}') as Record<string, unknown>;
    const status = responses[Math.min(sent.length, responses.length - 1)] ?? 200;
    sent.push({ body, init });
    if (status === 'offline') return Promise.reject(new TypeError('offline'));
    const times = { expiresAt: 1120, serverTime: 1000 };
    return Promise.resolve(Response.json(times, { status }));
  };
  const secret = receiverSecret();
  const address = openReceiverAddress(
    {
      signer: SIGNER,
      url: URL_OF_STREAM,
      stream: 'demo',
      signal: stop.signal,
      fetch,
      clock: time.clock,
      random: () => 0.5,
      refresh: () => {
        refreshes += 1;
        return Promise.resolve();
      },
    },
    secret,
  );
  return { time, sent, stop, address, secret, refreshes: () => refreshes };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the address of a receiver', () => {
  it('contains a secret of 128 bits, and the address of the stream without a token', async () => {
    const { address, secret, sent, stop } = setUp();
    await address.opened;
    assert.match(secret, /^[\w-]{22}$/);
    assert.notEqual(secret, receiverSecret());
    assert.equal(address.url, `${SIGNER}?url=${encodeURIComponent(URL_OF_STREAM)}&receiver=${secret}`);
    const [first] = sent;
    assert.deepEqual(first?.body, { receiver: secret, url: URL_OF_STREAM, stream: 'demo' });
    assert.equal(first.init.credentials, 'include');
    stop.abort();
    await address.ended;
  });

  it('is renewed three times in its life, until it is ended', async () => {
    const { address, time, sent, stop } = setUp();
    await address.opened;
    for (let round = 2; round <= 4; round += 1) {
      await time.advance(39_000);
      assert.equal(sent.length, round - 1);
      await time.advance(1000);
      await turn();
      assert.equal(sent.length, round);
    }
    stop.abort();
    assert.equal(await address.ended, null);
    assert.equal(sent.at(-1)?.body['end'], true);
    assert.equal(time.clock.pending, 0);
  });

  it('is renewed with another session after a refusal', async () => {
    const { address, refreshes, sent, stop } = setUp([401, 200]);
    await address.opened;
    assert.equal(refreshes(), 1);
    assert.equal(sent.length, 2);
    stop.abort();
    await address.ended;
  });

  it('ends with the second refusal, without another request', async () => {
    const { address, time, refreshes, sent } = setUp([403]);
    await assert.rejects(address.opened, { code: 'playlist-signer-failed', status: 403 });
    assert.equal(
      (await address.ended)?.message,
      `The playlist signer ${SIGNER} returned HTTP 403 for a receiver.`,
    );
    await time.advance(600_000);
    assert.equal(refreshes(), 1);
    assert.equal(sent.length, 2);
    assert.equal(time.clock.pending, 0);
  });

  it('is tried again, with growing pauses, while the signer is down', async () => {
    const { address, time, sent, stop } = setUp(['offline', 503, 200]);
    await turn();
    assert.equal(sent.length, 1);
    const isOpen = address.opened.then(() => true);
    while (!(await Promise.race([isOpen, turn().then(() => false)]))) await time.advance(1000);
    await address.opened;
    assert.equal(sent.length, 3);
    stop.abort();
    await address.ended;
  });
});
