import { openReceiver } from '@gatecast/player/receiver';
import { expect } from 'chai';
import { backendOrigin, setFaults } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { pause, until } from '../support/wait.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent } from './support/player-fixture.js';
import { inSkin, skinOf } from './support/skin-fixture.js';

/** What WebKit fires; no browser here has AirPlay. */
class AvailabilityEvent extends Event {
  constructor(readonly availability: 'available' | 'not-available') {
    super('webkitplaybacktargetavailabilitychanged');
  }
}

const original = { ManagedMediaSource: Reflect.get(globalThis, 'ManagedMediaSource') as unknown };

/** A receiver: another device, without the page’s cookies and tokens. It has played the segments that it returns. */
class Receiver {
  readonly #address: string;
  readonly segments = new Set<string>();

  constructor(address: string) {
    this.#address = address;
  }

  /** Reads the playlist once and loads its newest segment. Resolves with the first status that is not 200. */
  async step(address = this.#address): Promise<number> {
    const playlist = await fetch(address, { credentials: 'omit' });
    if (!playlist.ok) return playlist.status;
    const line = (await playlist.text()).trimEnd().split('\n').at(-1) ?? '';
    // The signer redirects to segments when the grant of the page is about to end.
    const segment = await fetch(new URL(line, address), { credentials: 'omit' });
    if (segment.ok) this.segments.add(new URL(segment.url).pathname);
    return segment.status;
  }

  async playFor(seconds: number): Promise<void> {
    const endMs = performance.now() + seconds * 1000;
    while (performance.now() < endMs) {
      expect(await this.step(), 'status').to.equal(200);
      await pause(1000);
    }
  }
}

const attributes = {
  controls: '',
  'playlist-signer': `${backendOrigin()}/hls/sign`,
  'token-credentials': 'include',
};

async function revoke(request: object | null): Promise<void> {
  await fetch(`${backendOrigin()}/api/qa/revoke`, {
    method: request ? 'POST' : 'DELETE',
    headers: { 'Content-Type': 'application/json' },
    ...(request && { body: JSON.stringify(request) }),
  });
}

describe('a receiver of a protected stream', () => {
  before(function () {
    // The double of WebKit’s AirPlay is for an engine without ManagedMediaSource, and one engine is enough.
    skipUnless('dependable native hls', this);
    Object.assign(globalThis, {
      WebKitPlaybackTargetAvailabilityEvent: AvailabilityEvent,
      // With it, hls.js plays by a `<source>`, beside which AirPlay has its own.
      ManagedMediaSource: original.ManagedMediaSource ?? class extends MediaSource {},
    });
  });

  afterEach(async () => {
    await revoke(null);
    await cleanPage();
  });

  after(() => {
    Reflect.deleteProperty(globalThis, 'WebKitPlaybackTargetAvailabilityEvent');
    if (original.ManagedMediaSource === undefined) Reflect.deleteProperty(globalThis, 'ManagedMediaSource');
  });

  it('plays by AirPlay past the end of the token, only this stream, until the page is gone', async () => {
    await setFaults({ tokens: { ttlSeconds: 6 } });
    const { player } = mountPlayer({ attributes });
    await nextEvent(player, 'playing');
    await until(() => skinOf(player) !== null, 'the skin');
    const video = player.shadowRoot?.querySelector('video');
    const source = video?.querySelector<HTMLSourceElement>('source[type="application/x-mpegURL"]');
    if (!video || !source) throw new Error('no source for AirPlay');
    expect(source.src).to.match(/\/hls\/sign\?url=[^&]*&receiver=[\w-]{22}$/);
    expect(video.disableRemotePlayback).to.equal(false);
    const receiver = new Receiver(source.src);
    const button = () => inSkin(player, 'media-airplay-button');
    video.dispatchEvent(new AvailabilityEvent('available'));
    await until(() => button()?.hasAttribute('mediaairplayunavailable') === false, 'the button');
    expect(await receiver.step(), 'before the viewer chooses').to.equal(403);

    const picked = new Promise((resolve) => {
      Object.assign(video, { webkitShowPlaybackTargetPicker: resolve });
    });
    button()?.click();
    await picked;
    await until(async () => (await receiver.step()) === 200, 'the address');
    await receiver.playFor(10);
    expect(receiver.segments.size, 'segments').to.be.greaterThan(3);
    expect(await receiver.step(source.src.replaceAll('demo-low', 'demo-high'))).to.equal(403);

    const address = source.src;
    player.remove();
    await until(async () => (await receiver.step(address)) === 403, 'the end of the address');
    expect(video.disableRemotePlayback).to.equal(false);
  });

  it('gets an address for a sender of the page’s own, which ends when the stream is revoked', async () => {
    const { player } = mountPlayer({ attributes });
    await nextEvent(player, 'playing');
    const casting = new AbortController();
    // What a page gives to `chrome.cast.media.MediaInfo`.
    const { url, ended } = await openReceiver(player, { signal: casting.signal });
    expect(url).not.to.match(/eyJ|token=/);
    const receiver = new Receiver(url);
    // After a reload, a page goes on with the address that the receiver plays.
    const joined = new AbortController();
    const again = await openReceiver(player, { signal: joined.signal, continue: url });
    expect(again.url).to.equal(url);
    const other = `${url.slice(0, -22)}${'x'.repeat(23)}`.replace('demo-low', 'demo-high');
    const refused = await openReceiver(player, { signal: joined.signal, continue: other }).catch(String);
    expect(refused).to.match(/^TypeError: openReceiver: continue/);
    const idle = {
      src: player.src.replace('demo-low', 'demo-high'),
      stream: '',
      playlistSigner: player.playlistSigner,
      tokenStates: [],
      refreshToken: () => Promise.reject(new Error('not called')),
    };
    const early = await openReceiver(idle, { signal: joined.signal }).catch((error: unknown) => error);
    expect(early).to.have.property('hint', 'Call play() of the player before openReceiver().');
    await receiver.playFor(1);
    await revoke({ stream: 'demo-low' });
    expect(await receiver.step()).to.equal(403);
    casting.abort();
    joined.abort();
    expect(await ended).to.equal(null);
  });
});
