import { expect } from 'chai';
import { clearFaults } from '../../support/backend.js';
import { skipUnless } from '../../support/skip-unless.js';
import {
  EMPTY_SCRIPT,
  installRtcUser,
  RtcUserDouble,
  type RtcUserBuild,
} from '../../doubles/rtc-user-double.js';
import { RtcUser48 } from '../../doubles/rtc-user/rtc-user-4-8.js';
import { RtcUser516 } from '../../doubles/rtc-user/rtc-user-5-16.js';
import {
  canvasMedia,
  mediaOf,
  mountWebcaster,
  rejection,
  unmountAll,
  type MountedWebcaster,
} from '../support/webcaster-fixture.js';

/** What a broadcast does, by build: its calls, those that the build lacks, and the names under which it mutes sound. */
const BUILDS: Readonly<
  Record<RtcUserBuild, { calls: readonly string[]; missing: readonly string[]; muted: string | null }>
> = {
  '4.8': {
    calls: [
      'addLocalMedia',
      'enableStats',
      'setConfig token 1',
      'setOptionalConfig',
      'getDevices',
      'startPreview',
      'startBroadcast token 1',
    ],
    missing: ['setMediaStream', 'muteDevice'],
    muted: 'audio',
  },
  '5.1.2': {
    calls: [
      'enableStats',
      'signIn token 1',
      'setConfig',
      'getDevices',
      'startPreview',
      'startBroadcast token 1',
    ],
    missing: ['setMediaStream', 'muteDevice'],
    muted: 'audio',
  },
  '5.16': {
    calls: ['enableStats', 'signIn token 1', 'setConfig', 'setMediaStream', 'startBroadcast token 1'],
    missing: [],
    muted: 'audioinput',
  },
};

function double(): RtcUserDouble {
  if (!RtcUserDouble.last) throw new Error('The vendor’s client was not created.');
  return RtcUserDouble.last;
}

function mountVendor(): MountedWebcaster {
  const mounted = mountWebcaster({
    publisher: 'nanostream',
    'publisher-src': EMPTY_SCRIPT,
    endpoint: '/p/webrtcws',
  });
  // Builds of version 4 do not read it from the token, and the demo's tokens do not contain it.
  mounted.webcaster.publisherConfig = { transcodingTargets: { output: 'rtmp://ingest.example/live' } };
  return mounted;
}

describe('publisher="nanostream" with the vendor’s builds', () => {
  let uninstall: () => void = () => undefined;

  before(function () {
    skipUnless('webrtc', this);
  });

  afterEach(async () => {
    await unmountAll();
    uninstall();
    await clearFaults();
  });

  for (const [build, { calls, missing, muted }] of Object.entries(BUILDS)) {
    it(`goes live, mutes and stops with ${build}`, async () => {
      uninstall = installRtcUser(build as RtcUserBuild);
      const { webcaster } = mountVendor();
      await webcaster.startBroadcast();
      expect(webcaster.state).to.equal('live');
      expect(double().calls.filter((call) => !call.startsWith('mute'))).to.deep.equal(calls);
      expect(double().leaks, 'calls with a token').to.deep.equal([]);
      await webcaster.setMuted({ audio: true });
      if (muted !== null) expect(double().muted[muted]).to.equal(true);
      const sound = double().media?.getAudioTracks() ?? [];
      expect(sound.map(({ enabled }) => enabled)).to.deep.equal([false]);
      const { events } = (await webcaster.diagnostics()) as { events: { type: string; call?: string }[] };
      const noted = events.filter(({ type }) => type === 'vendor-call-missing').map(({ call }) => call);
      expect(noted).to.deep.equal(missing);
      const { ownMedia } = double();
      await webcaster.stopBroadcast();
      expect(double().isOnAir).to.equal(false);
      expect(ownMedia?.getTracks().filter(({ readyState }) => readyState === 'live') ?? []).to.deep.equal([]);
      expect(webcaster.querySelector('video')).to.equal(null);
    });
  }

  it('gives 5.16 the element’s own media with its size and frame rate', async () => {
    uninstall = installRtcUser('5.16');
    const { webcaster } = mountVendor();
    await webcaster.startBroadcast();
    const client = double();
    if (!(client instanceof RtcUser516)) throw new Error('Another build was created.');
    expect(client.media).to.equal(mediaOf(webcaster));
    const { width, height } = mediaOf(webcaster).getVideoTracks()[0]?.getSettings() ?? {};
    const { mediaOptions } = client;
    expect([mediaOptions?.width, mediaOptions?.height]).to.deep.equal([width, height]);
  });

  it('opens no camera or microphone that capture and audio leave out', async () => {
    uninstall = installRtcUser('5.1.2');
    const { webcaster } = mountVendor();
    webcaster.audio = 'none';
    await webcaster.startBroadcast();
    expect(
      double()
        .ownMedia?.getTracks()
        .map(({ kind }) => kind),
    ).to.deep.equal(['video']);
  });

  it('does not send the camera instead of the page’s own media', async () => {
    uninstall = installRtcUser('5.1.2');
    const { webcaster } = mountVendor();
    const { media, stop } = canvasMedia();
    webcaster.mediaStream = media;
    const error = await rejection(webcaster.startBroadcast());
    expect([error.code, error.hint.includes('mediaStream')]).to.deep.equal(['vendor-publisher-failed', true]);
    expect(double().ownMedia).to.equal(null);
    stop();
    // Nor instead of a slate.
    webcaster.mediaStream = null;
    webcaster.showSlate = true;
    expect((await rejection(webcaster.startBroadcast())).hint).to.include('show-slate');
    expect(double().ownMedia).to.equal(null);
  });

  it('says what 4.8 lacks when neither the token nor the page names an ingest', async () => {
    uninstall = installRtcUser('4.8');
    const { webcaster } = mountVendor();
    webcaster.publisherConfig = {};
    const error = await rejection(webcaster.startBroadcast());
    expect([error.code, error.cause]).to.deep.equal(['vendor-publisher-failed', 'Invalid configuration']);
    expect(double()).to.be.instanceOf(RtcUser48);
  });
});
