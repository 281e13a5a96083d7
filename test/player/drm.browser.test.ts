import { withTokens } from '@gatecast/adapters/hls.js';
import { expect } from 'chai';
import Hls from 'hls.js';
import { backendOrigin, setFaults } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { cleanPage } from './support/clean-page.js';
import {
  mountPlayer,
  nextEvent,
  pause,
  playFor,
  until,
  type PlayerFixture,
} from './support/player-fixture.js';

const licenseUrl = (): string => `${backendOrigin()}/live/demo-drm/licence`;

/** Licence requests of a test, in order, with the token that each had. */
interface Sent {
  readonly url: URL;
  readonly token: string | null;
  readonly status: number;
}

const original = globalThis.fetch;
let sent: Sent[] = [];

function watchLicences(): void {
  sent = [];
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const response = await original(input, init);
    if (request.method !== 'POST' || !request.url.includes('/licence')) return response;
    const url = new URL(request.url);
    const token = url.searchParams.get('token') ?? request.headers.get('Authorization');
    sent.push({ url, token, status: response.status });
    return response;
  };
}

function mountEncrypted(
  drm: PlayerFixture['player']['drm'],
  more: Record<string, string> = {},
): PlayerFixture {
  return mountPlayer({
    src: '/live/demo-drm.m3u8',
    attributes: more,
    prepare: (player) => {
      player.drm = drm;
    },
  });
}

describe('an encrypted stream', () => {
  before(function () {
    skipUnless('encrypted media', this);
  });
  beforeEach(watchLicences);
  afterEach(async () => {
    globalThis.fetch = original;
    await cleanPage();
  });

  it('plays with a licence that was requested with the token of the stream', async () => {
    const { player, events } = mountEncrypted({ clearkey: licenseUrl() });
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    expect(sent.map(({ status }) => status)).to.deep.equal([200]);
    expect(sent[0]?.url.searchParams.get('token')).to.match(/^ey/);
    expect(events.join()).not.to.include('secure-error');
    expect(JSON.stringify(player.diagnostics())).not.to.include(sent[0]?.token);
  });

  it('answers one refusal with one new token and one repeat, and puts the token where drm says', async () => {
    await setFaults({ media: { reject: { stream: 'demo-drm', kind: 'key', status: 403, count: 1 } } });
    const { player, events } = mountEncrypted({ clearkey: licenseUrl(), placement: 'header' });
    await nextEvent(player, 'playing');
    expect(sent.map(({ status }) => status)).to.deep.equal([403, 200]);
    expect(sent.map(({ token }) => token?.slice(0, 9))).to.deep.equal(['Bearer ey', 'Bearer ey']);
    expect(sent[0]?.token).not.to.equal(sent[1]?.token);
    expect(sent.map(({ url }) => url.search)).to.deep.equal(['', '']);
    expect(events.filter((event) => event === 'secure-token-refreshed:rejected')).to.have.length(1);
    expect(events.join()).not.to.include('secure-error');
  });

  it('reports one error when the licence server refuses the new token, too', async () => {
    await setFaults({ media: { reject: { stream: 'demo-drm', kind: 'key', status: 403 } } });
    const { player, events } = mountEncrypted({ clearkey: { licenseUrl: licenseUrl() } });
    const { error } = await nextEvent(player, 'secure-error');
    await pause(1500);
    expect(error.code).to.equal('token-rejected');
    expect(error.message).to.include('licence server');
    expect(error.hint).to.include('drm.placement');
    expect(sent.map(({ status }) => status)).to.deep.equal([403, 403]);
    expect(events.filter((event) => event.startsWith('secure-error'))).to.have.length(1);
  });

  it('gives a licence server of another origin no token, and says what to do', async () => {
    const elsewhere = licenseUrl().replace('127.0.0.1', 'localhost');
    const { player } = mountEncrypted({ clearkey: elsewhere });
    const { error } = await nextEvent(player, 'secure-error');
    expect(error.hint).to.include('token-origins');
    expect(sent.map(({ token, status }) => [token, status])).to.deep.equal([[null, 401]]);
    player.tokenOrigins = new URL(elsewhere).origin;
    await nextEvent(player, 'playing');
    expect(sent.map(({ status }) => status)).to.deep.equal([401, 200]);
  });

  it('has its licence renewed before it ends, while it plays on', async () => {
    // ClearKey has no end of its own.
    const ends = new Map<MediaKeySession, number>();
    const update: MediaKeySession['update'] = Reflect.get(MediaKeySession.prototype, 'update');
    const expiration = Object.getOwnPropertyDescriptor(MediaKeySession.prototype, 'expiration') ?? {};
    const closed: MediaKeySession[] = [];
    MediaKeySession.prototype.update = function (data) {
      if (!ends.has(this)) void this.closed.then(() => closed.push(this));
      ends.set(this, Date.now() + 4000);
      return update.call(this, data);
    };
    Object.defineProperty(MediaKeySession.prototype, 'expiration', {
      configurable: true,
      get(this: MediaKeySession) {
        return ends.get(this) ?? NaN;
      },
    });
    try {
      const { player, events } = mountEncrypted({ clearkey: licenseUrl() });
      await nextEvent(player, 'playing');
      const startedAtMs = Date.now();
      await until(() => sent.length >= 2, 'the renewal');
      expect(Date.now() - startedAtMs).to.be.lessThan(4000);
      await until(() => closed.length >= 1, 'the end of the first session');
      await playFor(player, 1);
      expect(sent.every(({ token, status }) => token?.startsWith('ey') && status === 200)).to.equal(true);
      expect(events.join()).not.to.include('secure-error');
      player.remove();
      await until(() => closed.length === ends.size, 'the end of all sessions');
    } finally {
      MediaKeySession.prototype.update = update;
      Object.defineProperty(MediaKeySession.prototype, 'expiration', expiration);
    }
  });

  it('says what is missing when the page names no licence server, or one that it cannot use', async () => {
    const { player } = mountEncrypted(null);
    const { error } = await nextEvent(player, 'secure-error');
    expect([error.code, error.hint]).to.match(/^option-invalid,.*drm = /);
    player.drm = { widevine: licenseUrl() };
    const next = await nextEvent(player, 'secure-error');
    expect([next.error.code, next.error.message]).to.match(/^engine-unsupported,.*key systems/);
    expect(sent).to.deep.equal([]);
    player.drm = { clearkey: licenseUrl() };
    await nextEvent(player, 'playing');
  });

  it('also plays in an hls.js of the page with withTokens, which repeats a refused licence once', async () => {
    await setFaults({ media: { reject: { stream: 'demo-drm', kind: 'key', status: 401, count: 1 } } });
    const video = Object.assign(document.createElement('video'), { muted: true, autoplay: true });
    const drmSystems = { 'org.w3.clearkey': { licenseUrl: licenseUrl() } };
    let setUps = 0;
    const hls = new Hls({
      emeEnabled: true,
      drmSystems,
      licenseXhrSetup(xhr, url) {
        setUps += 1;
        xhr.open('POST', `${url}?by=page`);
        xhr.setRequestHeader('Content-Type', 'application/json');
      },
    });
    const control = withTokens(hls, { tokenUrl: `${backendOrigin()}/api/tokens` });
    try {
      document.body.append(video);
      const errors: string[] = [];
      hls.on(Hls.Events.ERROR, (_, { details, fatal }) => fatal && errors.push(details));
      hls.loadSource(`${backendOrigin()}/live/demo-drm.m3u8`);
      hls.attachMedia(video);
      await until(() => video.currentTime > 0 && !video.paused && video.readyState > 2, 'playback');
      expect(sent.map(({ status, url }) => [status, url.search])).to.deep.equal([
        [401, '?by=page'],
        [200, '?by=page'],
      ]);
      expect(sent.every(({ token }) => token?.startsWith('Bearer ey'))).to.equal(true);
      expect([setUps, ...errors]).to.deep.equal([1]);
    } finally {
      hls.destroy();
      control.release();
      video.remove();
    }
  });
});
