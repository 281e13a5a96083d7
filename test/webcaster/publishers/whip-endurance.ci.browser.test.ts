import { expect } from 'chai';
import { backendOrigin, clearFaults, setFaults } from '../../support/backend.js';
import { skipUnless } from '../../support/skip-unless.js';
import { mountWebcaster, pause, unmountAll } from '../support/webcaster-fixture.js';
import { whipRequests } from '../support/whip-requests.js';

const MINUTE_MS = 60_000;

describe('<secure-webcaster> for a minute with tokens that live twenty seconds', () => {
  before(function () {
    skipUnless('webrtc h264', this);
  });

  afterEach(async () => {
    await unmountAll();
    await clearFaults();
  });

  it('stays live in one session, refreshes before expiry, and plays at the playback URL', async function () {
    await setFaults({ tokens: { ttlSeconds: 20 } });
    const { webcaster, events } = mountWebcaster();
    const stream = webcaster.stream ?? '';
    let lowestLifeMs = Infinity;
    webcaster.addEventListener('secure-token-refreshed', ({ expiresAtMs, reason }) => {
      if (reason !== 'initial') expect(expiresAtMs).to.be.greaterThan(Date.now());
    });
    let expiresAtMs = Infinity;
    webcaster.addEventListener('secure-token-refreshed', (event) => {
      lowestLifeMs = Math.min(lowestLifeMs, expiresAtMs - Date.now());
      expiresAtMs = event.expiresAtMs ?? Infinity;
    });
    await webcaster.startBroadcast();
    const startedAtMs = performance.now();
    let packets = 0;
    while (performance.now() - startedAtMs < MINUTE_MS) {
      await pause(5000);
      const sent = (await webcaster.stats())?.packetsSent ?? 0;
      expect(sent, 'packets sent').to.be.greaterThan(packets);
      packets = sent;
      expect(webcaster.state).to.equal('live');
    }
    expect(lowestLifeMs, 'life left when a token was renewed, in ms').to.be.greaterThan(0);
    // The first request, then at most one every ten seconds.
    const mostTokens = 1 + Math.ceil((performance.now() - startedAtMs) / 10_000);
    expect(events.filter((event) => event === 'secure-token-refreshed').length).to.be.within(4, mostTokens);
    expect(events).not.to.include('secure-token-failed');
    const requests = await whipRequests(stream);
    expect(requests.filter(({ method }) => method === 'POST')).to.have.length(1);
    expect(requests.filter(({ status }) => status === 401 || status === 403)).to.have.length(0);
    expect(await playlistOf(stream)).to.match(/#EXTINF|#EXT-X-PART:/);
  });
});

/** Fetches the stream's playlist with a playback token. */
async function playlistOf(stream: string): Promise<string> {
  const answer = await fetch(`${backendOrigin()}/api/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ purpose: 'playback', streams: [stream], reason: 'initial' }),
  });
  const { tokens } = (await answer.json()) as { tokens: { token: string }[] };
  const playlist = await fetch(`${backendOrigin()}/live/${stream}.m3u8`, {
    headers: { Authorization: `Bearer ${tokens[0]?.token ?? ''}` },
  });
  return playlist.text();
}
