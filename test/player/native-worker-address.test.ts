import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crossOriginOf, findAddress } from '@gatecast/player/internal/engine/native/find-address';
import type { NativeAddress } from '@gatecast/player/internal/engine/native/native-address';
import { workerAddress } from '@gatecast/player/internal/engine/native/worker-address';
import { WorkerLink } from '@gatecast/player/internal/engine/native/worker-link';
import { CDN, fakeAuthorizer, setUpWorker, type FakeOrigin } from './support/fake-media-worker.js';

const signal = new AbortController().signal;
const PLAYLIST = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n1.ts\n';

/** An address whose requests the worker sends, and the page’s own way to read the playlist. */
async function setUpAddress(origin: FakeOrigin = () => new Response(PLAYLIST)) {
  const world = setUpWorker(origin);
  const life = new AbortController();
  const { entry } = world.serve('demo', life.signal);
  life.abort();
  const media = new EventTarget();
  const facts = { isLive: true, targetDurationMs: 2000, isCrossOrigin: false };
  const withToken: NativeAddress = {
    resolve: () => Promise.reject(new Error('not used')),
    inspect: () => Promise.resolve(facts),
  };
  const address = workerAddress(
    world.link,
    { ...entry, signal: new AbortController().signal },
    media,
    withToken,
  );
  await address.resolve(signal);
  return { ...world, media, address };
}

describe('the address with a service worker', () => {
  it('is of no use if playback fails and no request has passed through the worker', async () => {
    const { address, link } = await setUpAddress();
    assert.equal(address.isUseless?.(), true);
    assert.equal(address.isGone?.(), true);
    assert.equal(link.isUsable, false);
  });

  it('is of no use if the worker has seen the playlists and no segment', async () => {
    const { address, request } = await setUpAddress();
    await request('demo.m3u8');
    assert.equal(address.isUseless?.(), true);
  });

  it('is of no use after two failures without a picture, although the worker sees all requests', async () => {
    const { address, request } = await setUpAddress();
    const load = async (): Promise<void> => {
      await address.resolve(signal);
      await request('demo.m3u8');
      await request('1.ts');
    };
    const isUseless = (): boolean => address.isUseless?.() ?? false;
    await load();
    assert.equal(isUseless(), false);
    await load();
    assert.equal(isUseless(), true);
  });

  it('stays if pictures came between two failures', async () => {
    const { address, request, media } = await setUpAddress();
    for (let load = 0; load < 5; load += 1) {
      await address.resolve(signal);
      await request('demo.m3u8');
      await request('1.ts');
      media.dispatchEvent(new Event('loadeddata'));
      assert.equal(address.isUseless?.(), false);
    }
  });

  it('stays if the origin has refused a segment, or has not responded yet', async () => {
    const { address, request, link } = await setUpAddress((url) =>
      url.pathname.endsWith('.ts') ? new Response(null, { status: 404 }) : new Response(PLAYLIST),
    );
    for (let load = 0; load < 5; load += 1) {
      await address.resolve(signal);
      await request('demo.m3u8');
      await request('1.ts');
      assert.equal(address.isUseless?.(), false);
    }
    assert.equal(link.isUsable, true);
  });

  it('forgets the requests for the address before', async () => {
    const { address, request } = await setUpAddress();
    await request('demo.m3u8');
    await request('1.ts');
    await address.resolve(signal);
    assert.equal(address.isUseless?.(), true);
  });

  it('is requested with CORS, also on the page’s own origin', () => {
    const way = { isOwnOrigin: true, needsCors: true };
    assert.equal(crossOriginOf(way, false, undefined), 'anonymous');
    assert.equal(crossOriginOf(way, false, 'include'), 'use-credentials');
    assert.equal(crossOriginOf({ ...way, needsCors: false }, false, undefined), null);
    assert.equal(crossOriginOf({ ...way, needsCors: false }, true, undefined), 'anonymous');
  });
});

describe('the greetings of a page', () => {
  it('keeps the worker for a player that starts while the last other one leaves', async () => {
    const { link, serve, request, paths } = setUpWorker(() => new Response(PLAYLIST));
    const first = new AbortController();
    serve('demo', first.signal);
    const found = link.isOurs(500, signal);
    first.abort();
    assert.equal(await found, true);
    serve('demo');
    await request('demo.m3u8');
    assert.deepEqual(paths(), ['demo.m3u8?token=demo-1']);
  });

  it('says hello again when the page wakes, for each address, and to another worker', async () => {
    const { greetings, time, fire, address } = await setUpAddress();
    const hellos = (): number => greetings.filter((each) => each === 'hello').length;
    const before = hellos();
    time.document.dispatchEvent(new Event('visibilitychange'));
    assert.equal(hellos(), before + 1);
    fire('controllerchange');
    assert.equal(hellos(), before + 2);
    await address.resolve(signal);
    assert.equal(hellos(), before + 3);
  });

  it('says bye when the last player is gone, and no listener stays', () => {
    const { serve, greetings, listenerCount, time } = setUpWorker();
    const [one, other] = [new AbortController(), new AbortController()];
    serve('demo', one.signal);
    serve('other', other.signal);
    one.abort();
    assert.equal(greetings.includes('bye'), false);
    other.abort();
    assert.equal(greetings.at(-1), 'bye');
    assert.deepEqual([listenerCount(), time.clock.pending], [0, 0]);
  });
});

describe('the search for the service worker', () => {
  it('finds one that replies, which counts as no player yet', async () => {
    const { link, worker, time } = setUpWorker();
    assert.equal(await link.isOurs(500, signal), true);
    assert.equal(worker.pages.hasPlayer('page'), null);
    assert.equal(time.clock.pending, 0);
  });

  it('waits half a second for one of another kind, and asks it no second time', async () => {
    const { link, worker, time } = setUpWorker();
    worker.isSilent = true;
    const found = link.isOurs(500, signal);
    void time.advance(500);
    assert.equal(await found, false);
    assert.equal(link.isSilent, true);
  });

  it('ends with the signal', async () => {
    const { link, worker } = setUpWorker();
    worker.isSilent = true;
    const ended = new AbortController();
    const found = link.isOurs(500, ended.signal);
    ended.abort();
    assert.equal(await found, false);
    assert.equal(link.isSilent, false);
  });

  const find = (container: unknown, { authorizer }: ReturnType<typeof fakeAuthorizer>) => {
    const entry = { index: 0, url: `${CDN}/demo.m3u8`, stream: 'demo' };
    const host = { authorizer, tokens: {}, options: { playlistSigner: '', drm: null }, output: {} };
    Object.assign(host.output, { video: new EventTarget() });
    return findAddress(host as never, entry as never, { signal, life: signal }, container as never);
  };

  it('asks the worker while the token arrives, and takes it', async () => {
    const { container } = setUpWorker();
    const { needsCors } = await find(container, fakeAuthorizer('demo'));
    assert.equal(needsCors, true);
  });

  it('leaves the worker out when requests are proven, so that the signer follows', async () => {
    const { container, greetings } = setUpWorker();
    const { needsCors } = await find(
      container,
      fakeAuthorizer('demo', 'query:token', () => ({})),
    );
    assert.equal(needsCors, false);
    assert.equal(greetings.includes('hello'), false);
  });

  it('leaves a worker out that the requests have passed by', async () => {
    const { container, greetings } = setUpWorker();
    WorkerLink.of(container).giveUp();
    const { needsCors } = await find(container, fakeAuthorizer('demo'));
    assert.equal(needsCors, false);
    assert.deepEqual(greetings, []);
  });
});
