import { expect } from 'chai';
import { clearFaults, setFaults } from '../../support/backend.js';
import { skipUnless } from '../../support/skip-unless.js';
import {
  mediaOf,
  mountWebcaster,
  pause,
  previewOf,
  unmountAll,
  until,
  untilState,
} from '../support/webcaster-fixture.js';
import { whipRequests } from '../support/whip-requests.js';
import { pretendDisconnected, readStat, watchPeers } from '../support/watched-peers.js';

const posts = (stream: string) => whipRequests(stream, 'POST');

const credentialsOf = (sdp = '') => /^a=ice-ufrag:\S+/m.exec(sdp)?.[0];

/** Visible interruptions of the preview: it was emptied, or it stopped. */
function watchPreview(video: HTMLVideoElement): string[] {
  const seen: string[] = [];
  for (const type of ['emptied', 'pause', 'ended', 'error']) {
    video.addEventListener(type, () => seen.push(type));
  }
  return seen;
}

describe('<secure-webcaster> when the connection is lost', () => {
  before(function () {
    skipUnless('webrtc h264', this);
  });

  afterEach(async () => {
    await unmountAll();
    await clearFaults();
  });

  it('reconnects at once after the ingest ends the session, with a fresh token and the same preview', async function () {
    await setFaults({ tokens: { ttlSeconds: 4 } });
    const { webcaster, events } = mountWebcaster();
    await webcaster.startBroadcast();
    const media = mediaOf(webcaster);
    const tracks = media.getTracks();
    // The first token has expired by then.
    await pause(5000);
    const blinks = watchPreview(previewOf(webcaster));
    const framesBefore = previewOf(webcaster).getVideoPlaybackQuality().totalVideoFrames;
    await setFaults({ ingest: { kill: webcaster.stream ?? '' } });
    await untilState(webcaster, 'reconnecting');
    await untilState(webcaster, 'live');
    const [first, second, ...others] = await posts(webcaster.stream ?? '');
    expect(others, 'more tries').to.have.length(0);
    expect(second?.status).to.equal(201);
    expect(second?.tokenTail).not.to.equal(first?.tokenTail);
    expect(mediaOf(webcaster)).to.equal(media);
    expect(media.getTracks()).to.have.members(tracks);
    expect(blinks).to.deep.equal([]);
    const framesAfter = previewOf(webcaster).getVideoPlaybackQuality().totalVideoFrames;
    expect(framesAfter, 'frames shown').to.be.greaterThan(framesBefore);
    expect(events).to.include('live:reconnected');
    expect(events).not.to.include('secure-error');
  });

  it('recovers a disconnected session by an ICE restart with new credentials', async function () {
    const watched = watchPeers();
    try {
      const { webcaster, events } = mountWebcaster();
      await webcaster.startBroadcast();
      const [peer] = watched.peers;
      if (!peer) throw new Error('There is no peer connection.');
      await until(
        async () => (await readStat(peer, 'remote-inbound-rtp'))['timestamp'] !== undefined,
        'a report of the ingest',
      );
      const before = await readStat(peer, 'transport');
      const remoteBefore = peer.remoteDescription?.sdp;
      const changedAtMs = Date.now();
      pretendDisconnected(peer);
      await untilState(webcaster, 'reconnecting');
      await untilState(webcaster, 'live');
      // A new candidate pair, with new credentials on both sides.
      await until(async () => {
        const now = await readStat(peer, 'transport');
        return now['selectedCandidatePairId'] !== before['selectedCandidatePairId'];
      }, 'another pair of addresses');
      const after = await readStat(peer, 'transport');
      expect(after['iceLocalUsernameFragment']).not.to.equal(before['iceLocalUsernameFragment']);
      expect(credentialsOf(peer.remoteDescription?.sdp)).not.to.equal(credentialsOf(remoteBefore));
      // The ingest reports that it still receives media.
      await until(
        async () => Number((await readStat(peer, 'remote-inbound-rtp'))['timestamp']) > changedAtMs + 500,
        'a later report',
      );
      const requests = await whipRequests(webcaster.stream);
      expect(requests.filter(({ method }) => method === 'POST')).to.have.length(1);
      expect(requests.filter(({ method, status }) => method === 'PATCH' && status === 200)).to.have.length(1);
      expect(events).to.include('live:reconnected');
      expect(watched.peers).to.have.length(1);
    } finally {
      watched.stop();
    }
  });

  it('gets a token and reconnects when the token endpoint is back', async function () {
    await setFaults({ tokens: { ttlSeconds: 3 } });
    const { webcaster, events } = mountWebcaster();
    await webcaster.startBroadcast();
    await setFaults({ tokens: { ttlSeconds: 3, down: true } });
    await pause(3500);
    await setFaults({ ingest: { kill: true } });
    await untilState(webcaster, 'reconnecting');
    await pause(2500);
    expect(webcaster.state).to.equal('reconnecting');
    await setFaults({ tokens: { ttlSeconds: 3, down: false } });
    await untilState(webcaster, 'live');
    expect(events).to.include('secure-token-failed');
  });

  it('retries for reconnect-for seconds, then fails with the last error', async function () {
    const { webcaster, events } = mountWebcaster({ 'reconnect-for': '3' });
    await webcaster.startBroadcast();
    await setFaults({ ingest: { kill: true, refuse: { retryAfterSeconds: 1 } } });
    await untilState(webcaster, 'reconnecting');
    await untilState(webcaster, 'failed');
    expect(events.at(-2)).to.equal('failed:ingest-failed');
    expect(events.at(-1)).to.equal('secure-error');
    expect((await posts(webcaster.stream ?? '')).length).to.be.greaterThan(2);
    expect(mediaOf(webcaster).getVideoTracks()[0]?.readyState).to.equal('live');
    await clearFaults();
    await webcaster.startBroadcast();
    expect(webcaster.state).to.equal('live');
  });
});
