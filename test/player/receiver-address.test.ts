import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openReceiverAddress, receiverSecret } from '@gatecast/player/internal/loading/receiver-address';
import { FakeClock } from '../support/fake-clock.js';

const SIGNER = 'https://page.test/hls/sign';
const URL_OF_STREAM = 'https://cdn.test/live/demo.m3u8';

/** A signer whose responses the test chooses, the last one from then on. */
function setUp(
  responses: readonly (number | 'offline' | 'dripping')[] = [200],
  { lives = [120], refresh }: { lives?: readonly number[]; refresh?: () => Promise<unknown> } = {},
) {
  const time = new FakeClock();
  const sent: { body: Record<string, unknown>; init: RequestInit }[] = [];
  const stop = new AbortController();
  let refreshes = 0;
  let renewals = 0;
  const fetch: typeof globalThis.fetch = (_, init = {}) => {
    const body = JSON.parse(typeof init.body === 'string' ? init.body : '{}') as Record<string, unknown>;
    const status = responses[Math.min(sent.length, responses.length - 1)] ?? 200;
    // What ends the grant of the page does not end earlier at each request.
    const life = lives[Math.min(renewals, lives.length - 1)] ?? 120;
    sent.push({ body, init });
    if (body['end'] !== true) renewals += 1;
    if (status === 'dripping') return Promise.resolve(new Response(new ReadableStream()));
    if (status === 'offline') return Promise.reject(new TypeError('offline'));
    const serverTime = Math.floor(time.clock.now() / 1000);
    const times = { expiresAt: serverTime + life, serverTime };
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
        return refresh?.() ?? Promise.resolve();
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

  it('fails when the player stops while it is opened', async () => {
    const refresh = () => Promise.reject(new DOMException('gone', 'AbortError'));
    const { address, time } = setUp([401], { refresh });
    await assert.rejects(address.opened, { code: 'playlist-signer-failed' });
    assert.equal((await address.ended)?.code, 'playlist-signer-failed');
    assert.equal(time.clock.pending, 0);
  });

  it('is ended at once while a response is on its way', async () => {
    const { address, time, sent, stop } = setUp(['dripping']);
    await turn();
    stop.abort();
    await assert.rejects(address.opened, { name: 'AbortError' });
    assert.equal(await address.ended, null);
    assert.equal(sent.at(-1)?.body['end'], true);
    assert.equal(time.clock.pending, 0);
  });

  it('is asked for again when a response does not end', async () => {
    const { address, time, sent, stop } = setUp(['dripping', 200]);
    await turn();
    await time.advance(10_000);
    while (sent.length < 2) await time.advance(1000);
    await address.opened;
    stop.abort();
    await address.ended;
  });

  it('asks for a token before the page’s grant ends, once if that does not help', async () => {
    const { address, time, sent, stop, refreshes } = setUp([200], { lives: [120, 80, 53, 36, 36, 24, 120] });
    await address.opened;
    await time.advance(40_000 + 26_667 + 17_667);
    await turn();
    assert.equal(refreshes(), 1);
    assert.equal(sent.length, 5);
    stop.abort();
    await address.ended;
  });

  it('is tried again within the life that it has left', async () => {
    const { address, time, sent, stop } = setUp([200, 503, 503, 503, 503, 503, 200]);
    await address.opened;
    await time.advance(110_000);
    await turn();
    assert.ok(sent.length >= 6, `${sent.length} requests`);
    stop.abort();
    await address.ended;
  });
});
