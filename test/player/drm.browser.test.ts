import type { GatecastError } from '@gatecast/token';
import { expect } from 'chai';
import { backendOrigin, setFaults } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor, until, type PlayerFixture } from './support/player-fixture.js';

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

function mountEncrypted(drm: PlayerFixture['player']['drm'], more: Record<string, string> = {}): PlayerFixture {
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
});
