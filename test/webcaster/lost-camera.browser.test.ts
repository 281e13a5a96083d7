import { expect } from 'chai';
import { clearFaults, requestLog } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import {
  mediaOf,
  mountWebcaster,
  overrideDevices,
  pause,
  rejection,
  unmountAll,
  until,
} from './support/webcaster-fixture.js';
import { watchPeers } from './support/watched-peers.js';

/** As if the device of a track was unplugged: browsers end the track, and fire an event that `stop()` does not. */
function unplug(track: MediaStreamTrack | undefined): void {
  track?.stop();
  track?.dispatchEvent(new Event('ended'));
}

/** No device can be opened until the returned function is called; then the browser reports a new device. */
function withoutDevices(): () => void {
  const restore = overrideDevices({
    getUserMedia: () => Promise.reject(new DOMException('There is none.', 'NotFoundError')),
  });
  return () => {
    restore();
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  };
}

/** Number of video frames that were sent, by the statistics of the connection. */
async function readFramesSent(peer: RTCPeerConnection): Promise<number> {
  let frames = 0;
  (await peer.getStats()).forEach(({ type, framesSent = 0 }: RTCStats & { framesSent?: number }) => {
    if (type === 'outbound-rtp') frames += framesSent;
  });
  return frames;
}

describe('<secure-webcaster> when its camera is lost', () => {
  let connect: (() => void) | null = null;

  before(function () {
    skipUnless('webrtc h264', this);
  });

  afterEach(async () => {
    connect?.();
    connect = null;
    await unmountAll();
    await clearFaults();
  });

  it('sends a slate in the same connection, reports it, and returns to the camera', async () => {
    const watched = watchPeers();
    try {
      const { webcaster, events } = mountWebcaster({ controls: '' });
      const changes: string[] = [];
      webcaster.addEventListener('secure-broadcast-media', ({ kind, status, previous, reason }) => {
        if (kind === 'video') changes.push(`${previous} ${status} ${reason}`);
      });
      await webcaster.startBroadcast();
      const [camera] = mediaOf(webcaster).getVideoTracks();
      const [peer] = watched.peers;
      if (!peer) throw new Error('There is no peer connection.');
      const framesSent = () => readFramesSent(peer);
      connect = withoutDevices();
      unplug(camera);
      await until(() => webcaster.mediaStatus.video === 'lost', 'the loss');
      expect(webcaster.state).to.equal('live');
      const [slate] = mediaOf(webcaster).getVideoTracks();
      expect(slate).not.to.equal(camera);
      expect(slate?.readyState).to.equal('live');
      const before = await framesSent();
      await until(async () => (await framesSent()) !== before, 'frames of the slate');
      const notice = () => webcaster.renderRoot.querySelector('[part="notice"]');
      await until(() => notice() !== null, 'a notice');
      // As wide as on a phone.
      webcaster.style.width = '358px';
      const buttons = webcaster.renderRoot.querySelector('.bar button')?.getBoundingClientRect();
      expect(notice()?.getBoundingClientRect().bottom).to.be.at.most(buttons?.top ?? 0);
      connect();
      connect = null;
      await until(() => webcaster.mediaStatus.video === 'on', 'the camera');
      const [again] = mediaOf(webcaster).getVideoTracks();
      expect([again?.readyState, slate?.readyState]).to.deep.equal(['live', 'ended']);
      expect(webcaster.renderRoot.querySelector('[part="notice"]')).to.equal(null);
      expect(changes).to.deep.equal(['off on opened', 'on lost device-ended', 'lost on device-returned']);
      expect(events.filter((event) => event.startsWith('reconnecting'))).to.deep.equal([]);
      const posts = (await requestLog()).filter(
        ({ method, path }) => method === 'POST' && path === `/whip/${webcaster.stream ?? ''}`,
      );
      expect(posts).to.have.length(1);
    } finally {
      watched.stop();
    }
  });

  it('returns to the camera that was released for another one, which cannot be opened', async () => {
    const { mediaDevices } = navigator;
    const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
    let calls = 0;
    // As on a phone: one camera at a time, and the other one is broken.
    connect = overrideDevices({
      getUserMedia: (constraints) => {
        calls += 1;
        if (calls === 2) return Promise.reject(new DOMException('In use.', 'NotReadableError'));
        if (calls === 3) return Promise.reject(new DOMException('It is broken.', 'AbortError'));
        return getUserMedia(constraints);
      },
    });
    const { webcaster } = mountWebcaster({ audio: 'none' });
    await webcaster.startPreview();
    const [camera] = mediaOf(webcaster).getVideoTracks();
    expect((await rejection(webcaster.switchDevice({ video: 'other' }))).code).to.equal('device-failed');
    expect(camera?.readyState).to.equal('ended');
    await until(
      () => webcaster.mediaStatus.video === 'on' && mediaOf(webcaster).getVideoTracks()[0] !== camera,
      'the camera',
    );
    expect(mediaOf(webcaster).getVideoTracks()[0]?.readyState).to.equal('live');
  });

  it('sends the plain slate when the address of its image is not a URL', async () => {
    const { webcaster } = mountWebcaster({ slate: 'http://[bad' });
    await webcaster.startBroadcast();
    const [camera] = mediaOf(webcaster).getVideoTracks();
    connect = withoutDevices();
    unplug(camera);
    await until(() => webcaster.mediaStatus.video === 'lost', 'the loss');
    expect(mediaOf(webcaster).getVideoTracks()[0]?.readyState).to.equal('live');
    await until(
      async () => JSON.stringify(await webcaster.diagnostics()).includes('slate-image-failed'),
      'the failure in the diagnostics',
    );
  });

  it('sends a slate while the camera is muted by the system, and silence in place of a lost microphone', async () => {
    const { webcaster } = mountWebcaster();
    await webcaster.startPreview();
    const [camera] = mediaOf(webcaster).getVideoTracks();
    const [microphone] = mediaOf(webcaster).getAudioTracks();
    camera?.dispatchEvent(new Event('mute'));
    connect = withoutDevices();
    unplug(microphone);
    await until(() => webcaster.mediaStatus.video === 'lost', 'the loss of the camera');
    expect(webcaster.mediaStatus.audio).to.equal('lost');
    expect(mediaOf(webcaster).getVideoTracks()).not.to.include(camera);
    expect(mediaOf(webcaster).getAudioTracks()).not.to.include(microphone);
    expect(
      mediaOf(webcaster)
        .getTracks()
        .map(({ readyState }) => readyState),
    ).to.deep.equal(['live', 'live']);
    // Muting by the user holds for what is sent instead, too.
    await webcaster.setMuted({ video: true });
    expect(mediaOf(webcaster).getVideoTracks()[0]?.enabled).to.equal(false);
    camera?.dispatchEvent(new Event('unmute'));
    expect(webcaster.mediaStatus.video).to.equal('on');
    expect(mediaOf(webcaster).getVideoTracks()).to.deep.equal([camera]);
    expect(camera?.enabled).to.equal(false);
    connect();
    connect = null;
    await until(() => webcaster.mediaStatus.audio === 'on', 'the microphone');
  });

  it('sends nothing new with device-loss="none", and has the loss in its diagnostics', async () => {
    const { webcaster } = mountWebcaster({ 'device-loss': 'none' });
    await webcaster.startPreview();
    const [camera] = mediaOf(webcaster).getVideoTracks();
    connect = withoutDevices();
    unplug(camera);
    await pause(100);
    expect(mediaOf(webcaster).getVideoTracks()).to.deep.equal([camera]);
    const { mediaStatus } = await webcaster.diagnostics();
    expect(mediaStatus).to.deep.equal({ audio: 'on', video: 'lost' });
  });
});
