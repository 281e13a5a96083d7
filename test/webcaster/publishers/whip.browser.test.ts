import { systemClock } from '@gatecast/token';
import { expect } from 'chai';
import { clearFaults, setFaults } from '../../support/backend.js';
import { skipUnless } from '../../support/skip-unless.js';
import { mountInFrame } from '../support/framed-webcaster.js';
import { watchPeers } from '../support/watched-peers.js';
import {
  canvasMedia,
  mediaOf,
  mountWebcaster,
  overrideDevices,
  pause,
  previewOf,
  rejection,
  unmountAll,
  until,
  untilState,
} from '../support/webcaster-fixture.js';
import { whipRequests } from '../support/whip-requests.js';

describe('<secure-webcaster> to a WHIP ingest', () => {
  before(function () {
    skipUnless('webrtc h264', this);
  });

  afterEach(async () => {
    await unmountAll();
    await clearFaults();
  });

  it('goes live with camera and microphone and has statistics', async () => {
    const { webcaster, events } = mountWebcaster();
    await webcaster.startBroadcast();
    expect(webcaster.state).to.equal('live');
    expect(events.filter((event) => event.includes(':'))).to.deep.equal([
      'connecting:requested',
      'live:connected',
    ]);
    await until(() => (previewOf(webcaster).videoWidth > 0 ? true : false), 'video in the preview');
    let stats = await webcaster.stats();
    await until(async () => {
      stats = await webcaster.stats();
      return Boolean(stats?.videoKbps) && stats?.roundTripMs !== null;
    }, 'bitrate and round trip');
    expect(stats?.videoCodec).to.equal('H264');
    expect(stats?.audioCodec).to.equal('opus');
    expect(stats?.videoKbps).to.be.greaterThan(0);
    expect(stats?.packetsSent).to.be.greaterThan(0);
    await webcaster.stopBroadcast();
    expect(webcaster.state).to.equal('stopped');
  });

  it('releases camera and microphone on stop, deletes the session, and has no pending timer or request', async () => {
    const { webcaster } = mountWebcaster();
    await webcaster.startBroadcast();
    const tracks = mediaOf(webcaster).getTracks();
    expect(tracks.map((track) => track.readyState)).to.deep.equal(['live', 'live']);
    await webcaster.stopBroadcast();
    expect(tracks.map((track) => track.readyState)).to.deep.equal(['ended', 'ended']);
    await until(() => systemClock.pending === 0, 'nothing pending');
    const [deletion] = await whipRequests(webcaster.stream ?? '', 'DELETE');
    expect(deletion?.status).to.equal(200);
    expect(deletion?.tokenTail).to.have.length(6);
  });

  it('keeps the preview on stop with keepPreview', async () => {
    const { webcaster } = mountWebcaster();
    await webcaster.startPreview();
    expect(webcaster.state).to.equal('preview');
    await webcaster.startBroadcast();
    const [track] = mediaOf(webcaster).getTracks();
    await webcaster.stopBroadcast({ keepPreview: true });
    expect(webcaster.state).to.equal('preview');
    expect(track?.readyState).to.equal('live');
    await webcaster.stopPreview();
    expect(webcaster.state).to.equal('idle');
    expect(track?.readyState).to.equal('ended');
  });

  it('starts once for concurrent calls', async () => {
    const { webcaster } = mountWebcaster();
    await Promise.all([webcaster.startBroadcast(), webcaster.startBroadcast(), webcaster.startBroadcast()]);
    await webcaster.startBroadcast();
    expect(await whipRequests(webcaster.stream ?? '', 'POST')).to.have.length(1);
  });

  it('deletes the session when the start is stopped before it is live', async () => {
    await setFaults({ latencyMs: 2000 });
    const { webcaster, events } = mountWebcaster();
    const start = webcaster.startBroadcast().then(
      () => 'live',
      (error: unknown) => (error as Error).name,
    );
    await untilState(webcaster, 'connecting');
    await until(() => previewOf(webcaster).srcObject !== null, 'the camera');
    // The offer has been sent. Its answer takes two seconds.
    await until(() => events.includes('secure-token-refreshed'), 'the token');
    await pause(100);
    await webcaster.stopBroadcast();
    expect(await start).to.equal('AbortError');
    expect(webcaster.state).to.equal('stopped');
    await until(() => systemClock.pending === 0, 'nothing pending');
    const posts = await whipRequests(webcaster.stream ?? '', 'POST');
    const deletions = await whipRequests(webcaster.stream ?? '', 'DELETE');
    expect(deletions).to.have.length(posts.length);
  });

  it('continues while the element moves in the document', async () => {
    const { webcaster, events } = mountWebcaster();
    await webcaster.startBroadcast();
    const parent = document.createElement('section');
    document.body.append(parent);
    parent.append(webcaster);
    await pause(300);
    expect(webcaster.state).to.equal('live');
    expect(previewOf(webcaster).paused).to.equal(false);
    expect(events.filter((event) => event.startsWith('stopped'))).to.have.length(0);
    expect(await whipRequests(webcaster.stream ?? '', 'DELETE')).to.have.length(0);
    parent.remove();
    await until(() => webcaster.state === 'stopped', 'the end');
    await until(() => systemClock.pending === 0, 'nothing pending');
    expect(await whipRequests(webcaster.stream ?? '', 'DELETE')).to.have.length(1);
  });

  it('deletes the session when the page is left', async () => {
    const { webcaster, frame } = await mountInFrame('blank.html');
    await webcaster.startBroadcast();
    expect(webcaster.state).to.equal('live');
    frame.contentWindow?.location.replace('about:blank');
    const stream = webcaster.getAttribute('stream') ?? '';
    const isAnswered = ({ status }: { status: number }): boolean => status > 0;
    await until(
      async () => (await whipRequests(stream, 'DELETE')).some(isAnswered),
      'the end of the session',
    );
    const deletions = await whipRequests(stream, 'DELETE');
    expect(deletions.map(({ status }) => status)).to.deep.equal([200]);
    frame.remove();
  });

  it('switches devices and mutes while live, over the same connection', async () => {
    const { webcaster, events } = mountWebcaster();
    await webcaster.startBroadcast();
    await until(() => webcaster.devices.video.length > 0, 'devices');
    const media = mediaOf(webcaster);
    const [before] = media.getVideoTracks();
    const other = webcaster.devices.video.at(-1);
    await webcaster.switchDevice({ video: other?.id ?? '' });
    expect(mediaOf(webcaster)).to.equal(media);
    expect(media.getVideoTracks()[0]).not.to.equal(before);
    expect(before?.readyState).to.equal('ended');
    await webcaster.setMuted({ audio: true });
    expect(media.getAudioTracks()[0]?.enabled).to.equal(false);
    expect(webcaster.muted).to.deep.equal({ audio: true, video: false });
    await pause(1200);
    const packetsSent = async () => (await webcaster.stats())?.packetsSent ?? 0;
    const packets = await packetsSent();
    await until(async () => (await packetsSent()) > packets, 'more packets');
    expect(webcaster.state).to.equal('live');
    expect(events.filter((event) => event.startsWith('reconnecting'))).to.have.length(0);
    expect(await whipRequests(webcaster.stream ?? '', 'POST')).to.have.length(1);
  });

  it('switches to the screen and back to the camera, over the same connection', async () => {
    const { webcaster, events } = mountWebcaster();
    const { media: screen, stop } = canvasMedia();
    const watched = watchPeers();
    /** What the picture keeps on a slow network. */
    const preference = () =>
      watched.peers[0]
        ?.getSenders()
        .find(({ track }) => track?.kind === 'video')
        ?.getParameters().degradationPreference;
    const whileChoosing: unknown[] = [];
    // Headless browsers have no screen to share, so only getDisplayMedia is replaced.
    const restore = overrideDevices({
      getDisplayMedia: async () => {
        await pause(100);
        whileChoosing.push(preference());
        return new MediaStream(screen.getVideoTracks());
      },
    });
    try {
      await webcaster.startBroadcast();
      await webcaster.switchDevice({ capture: 'screen' });
      expect(whileChoosing).to.deep.equal(['balanced']);
      await until(() => preference() === 'maintain-resolution', 'the resolution of the screen to be kept');
      expect(mediaOf(webcaster).getVideoTracks()).to.deep.equal(screen.getVideoTracks());
      expect(mediaOf(webcaster).getAudioTracks()).to.have.length(1);
      // The browser's own "Stop sharing" button.
      const [track] = screen.getVideoTracks();
      track?.stop();
      track?.dispatchEvent(new Event('ended'));
      await until(() => webcaster.capture === 'camera', 'the camera again');
      await until(() => mediaOf(webcaster).getVideoTracks()[0]?.readyState === 'live', 'a live camera');
      await until(() => preference() === 'balanced', 'the balance of a camera');
    } finally {
      restore();
      watched.stop();
      stop();
    }
    expect(webcaster.state).to.equal('live');
    expect(events.filter((event) => event.startsWith('reconnecting'))).to.have.length(0);
  });

  it('sends the page’s own media and does not stop its tracks', async () => {
    const { media, stop } = canvasMedia();
    const { webcaster } = mountWebcaster();
    webcaster.mediaStream = media;
    await webcaster.startBroadcast();
    expect(mediaOf(webcaster).getTracks()).to.have.members(media.getTracks());
    await webcaster.stopBroadcast();
    expect(media.getTracks().map((track) => track.readyState)).to.deep.equal(['live', 'live']);
    stop();
  });

  it('broadcasts sound only, and video only', async () => {
    for (const attributes of [{ capture: 'audio' }, { audio: 'none' }]) {
      const { webcaster } = mountWebcaster(attributes);
      await webcaster.startBroadcast();
      expect(mediaOf(webcaster).getTracks()).to.have.length(1);
      expect(webcaster.state).to.equal('live');
      await unmountAll();
    }
  });

  it('starts when an old session of the stream has ended', async () => {
    const first = mountWebcaster().webcaster;
    await first.startBroadcast();
    const stream = first.stream ?? '';
    const second = mountWebcaster({ stream }).webcaster;
    const start = second.startBroadcast();
    const conflicts = async () => (await whipRequests(stream, 'POST')).filter(({ status }) => status === 409);
    await until(async () => (await conflicts()).length > 0, 'a conflict');
    expect(second.state).to.equal('connecting');
    await first.stopBroadcast();
    await start;
    expect(second.state).to.equal('live');
  });

  it('says at once that the ingest does not know the stream', async () => {
    const lost = mountWebcaster({ endpoint: '/nowhere/at/all' }).webcaster;
    expect((await rejection(lost.startBroadcast())).code).to.equal('ingest-not-found');
  });

  it('waits for Retry-After of a busy ingest, then goes live', async () => {
    await setFaults({ ingest: { refuse: { retryAfterSeconds: 3 } } });
    const { webcaster } = mountWebcaster();
    const posts = () => whipRequests(webcaster.stream ?? '', 'POST');
    const start = webcaster.startBroadcast();
    // The log holds a request with the status 0 until it is answered.
    await until(async () => (await posts()).some(({ status }) => status === 503), 'the refusal');
    await clearFaults();
    await start;
    expect(webcaster.state).to.equal('live');
    const [refused, taken] = await posts();
    expect([refused?.status, taken?.status]).to.deep.equal([503, 201]);
    expect((taken?.atMs ?? 0) - (refused?.atMs ?? 0), 'time between the two in ms').to.be.greaterThan(2900);
  });

  it('replaces a refused token with a fresh one, once', async () => {
    const { webcaster, events } = mountWebcaster();
    await webcaster.signIn();
    await setFaults({ expireNow: true });
    await webcaster.startBroadcast();
    expect(webcaster.state).to.equal('live');
    const posts = await whipRequests(webcaster.stream ?? '', 'POST');
    expect(posts.map((entry) => entry.status)).to.deep.equal([403, 201]);
    expect(posts[0]?.tokenTail).not.to.equal(posts[1]?.tokenTail);
    expect(events.filter((event) => event === 'secure-token-refreshed')).to.have.length(2);
  });
});
