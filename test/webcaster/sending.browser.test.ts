import { expect } from 'chai';
import { mountPlayer } from '../player/support/player-fixture.js';
import { clearFaults } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { watchPeers } from './support/watched-peers.js';
import { mountWebcaster, unmountAll, until } from './support/webcaster-fixture.js';
import { whipRequests } from './support/whip-requests.js';

/** Makes the browser report a network that takes 400 kbit/s, because loopback takes all. What is sent is real. */
function pretendNarrow(peer: RTCPeerConnection): void {
  const getStats = peer.getStats.bind(peer);
  peer.getStats = async () => {
    const report = await getStats();
    const narrow = [...(report as Map<string, RTCStats & { kind?: string }>)].map(
      ([id, stats]): [string, RTCStats] => {
        if (stats.type === 'candidate-pair')
          return [id, { ...stats, availableOutgoingBitrate: 400_000 } as RTCStats];
        const isVideo = stats.type === 'outbound-rtp' && stats.kind === 'video';
        return [id, isVideo ? ({ ...stats, qualityLimitationReason: 'bandwidth' } as RTCStats) : stats];
      },
    );
    return new Map(narrow);
  };
}

const encodingsOf = (peer: RTCPeerConnection | undefined) =>
  peer
    ?.getSenders()
    .find(({ track }) => track?.kind === 'video')
    ?.getParameters().encodings ?? [];

describe('<secure-webcaster> on a network that takes less', () => {
  before(function () {
    skipUnless('webrtc h264', this);
  });

  afterEach(async () => {
    for (const player of document.querySelectorAll('secure-player')) player.remove();
    await unmountAll();
    await clearFaults();
  });

  it('sends a smaller picture over the same connection, and says why', async () => {
    const watched = watchPeers();
    try {
      const { webcaster } = mountWebcaster({
        controls: '',
        lang: 'en',
        resolution: '640x360',
        'video-bitrate': '800',
        'degradation-preference': 'maintain-framerate',
      });
      const said: string[] = [];
      webcaster.addEventListener('secure-sending-changed', ({ reason, message }) =>
        said.push(`${reason} ${message}`),
      );
      await webcaster.startBroadcast();
      const [peer] = watched.peers;
      if (!peer) throw new Error('The webcaster has no connection.');
      pretendNarrow(peer);
      await until(() => (encodingsOf(peer)[0]?.scaleResolutionDownBy ?? 1) > 1, 'a smaller picture');
      await until(() => said.some((each) => each.startsWith('network The network takes less')), 'the reason');
      await until(async () => ((await webcaster.stats())?.width ?? 640) < 640, 'smaller frames');
      const note = webcaster.renderRoot.querySelector('[part="sending"]');
      expect(note?.textContent).to.match(/^Limited by the network: \d+ × \d+, \d+ fps$/);
      expect((await webcaster.diagnostics())['sending']).to.include({ reason: 'network' });
      expect(await whipRequests(webcaster.stream, 'POST')).to.have.length(1);
    } finally {
      watched.stop();
    }
  });

  it('offers the picture in several sizes to a server that takes them, and each viewer chooses one', async () => {
    const watched = watchPeers();
    try {
      const { webcaster } = mountWebcaster({
        simulcast: '',
        resolution: '1280x720',
        'video-bitrate': '1500',
      });
      await webcaster.startBroadcast();
      const encodings = encodingsOf(watched.peers[0]);
      expect(
        encodings.map(({ rid, maxBitrate, scaleResolutionDownBy }) => [
          rid,
          maxBitrate,
          scaleResolutionDownBy,
        ]),
      ).to.deep.equal([
        ['l', 150_000, 4],
        ['m', 450_000, 2],
        ['h', 1_500_000, 1],
      ]);
      expect((await webcaster.diagnostics())['layers']).to.equal(3);
      const { player } = mountPlayer({ src: `/whep/${webcaster.stream ?? ''}`, engine: 'whep' });
      await until(() => player.entries.length > 1 && player.videoWidth > 320, 'a large one of the sizes');
      player.switchEntry(player.entries.length - 1);
      await until(() => player.videoWidth === 320, 'the smallest');
    } finally {
      watched.stop();
    }
  });

  for (const [codec, feature] of [
    ['vp9', 'webrtc vp9'],
    ['av1', 'webrtc av1'],
  ] as const)
    it(`sends ${codec}, which a viewer plays by WHEP`, async function () {
      skipUnless(feature, this);
      const { webcaster } = mountWebcaster({ codec, resolution: '320x180', audio: 'none' });
      await webcaster.startBroadcast();
      const { player } = mountPlayer({ src: `/whep/${webcaster.stream ?? ''}`, engine: 'whep' });
      const frames = () =>
        player.shadowRoot?.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
      await until(() => frames() > 5, 'pictures');
      const played = `"videoCodec":"${codec.toUpperCase()}"`;
      await until(() => JSON.stringify(player.diagnostics()).includes(played), 'the codec');
    });
});
