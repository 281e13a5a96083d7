import { MediaOutput } from '@gatecast/player/internal/media/media-output';
import { expect } from 'chai';
import { backendOrigin } from '../../support/backend.js';
import { cleanPage } from '../support/clean-page.js';
import { controlSocket, mountNano, vendorSource } from '../support/nano-fixture.js';
import { nextEvent, playFor, until, type PlayerFixture } from '../support/player-fixture.js';

/** An address that makes version 5 play over QUIC, if the page allows it. */
function overQuic(): ReturnType<typeof vendorSource> {
  const { entries = [], ...rest } = vendorSource();
  return {
    ...rest,
    entries: entries.map((entry) => ({
      ...entry,
      h5live: {
        ...entry.h5live,
        server: { ...entry.h5live?.server, webtransport: 'https://h5live.example/stream' },
      },
    })),
  };
}

function mountCanvas(playback: Record<string, unknown>): PlayerFixture {
  return mountNano({
    prepare: (player) => {
      player.source = overQuic();
      player.nanoPlayerConfig = { playback };
    },
  });
}

const ownVideo = (player: HTMLElement) => player.shadowRoot?.querySelector('video');
const numbers = ['currentTime', 'volume', 'readyState', 'networkState', 'videoWidth', 'videoHeight'] as const;

describe('<secure-player engine="nanoplayer"> with a source for Media over QUIC', () => {
  beforeEach(() => controlSocket({ reset: true }));
  afterEach(cleanPage);

  it('plays in a video, unless the page has chosen Media over QUIC', async () => {
    const { player } = mountCanvas({});
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    expect(player.querySelector('canvas')).to.equal(null);
    expect(player.media).to.equal(player.querySelector('video'));
  });

  it('shows the canvas of the vendor’s player, with the state and events of a media element', async () => {
    const { player, events } = mountCanvas({ enableMediaOverQuic: true });
    const seen: string[] = [];
    for (const type of ['play', 'pause', 'playing', 'canplay', 'timeupdate', 'volumechange'])
      player.addEventListener(type, () => seen.push(type));
    await nextEvent(player, 'playing');
    await playFor(player, 2);

    const canvas = player.querySelector('canvas');
    expect(canvas?.getBoundingClientRect().width).to.be.greaterThan(0);
    expect(ownVideo(player)?.hidden, 'the element’s own video').to.equal(true);
    expect(player.media).to.be.instanceOf(HTMLVideoElement);
    expect([player.paused, player.ended, player.seeking]).to.deep.equal([false, false, false]);
    for (const name of numbers) expect(player[name], name).to.satisfy(Number.isFinite);
    expect(player.readyState).to.equal(4);
    expect(player.videoWidth).to.equal(canvas?.width);
    expect(player.buffered.length).to.equal(1);
    expect(player.textTracks).to.have.length(0);
    expect(player.getVideoPlaybackQuality()).to.have.property('totalVideoFrames');
    expect(seen).to.include.members(['play', 'canplay', 'playing', 'timeupdate']);
    expect(seen.filter((type) => type === 'play')).to.have.length(1);

    const { media } = player.diagnostics() as { media: Record<string, unknown> };
    expect(media['paused']).to.equal(false);
    expect(media['currentTime']).to.be.greaterThan(0);

    player.volume = 0.5;
    expect(player.volume).to.equal(0.5);
    await until(() => seen.includes('volumechange'), 'the change of the volume');

    player.pause();
    await until(() => player.paused, 'the pause');
    expect(seen).to.include('pause');
    // While paused: without a gesture, a browser stops what is unmuted.
    player.muted = false;
    expect(player.muted).to.equal(false);
    player.muted = true;
    expect(player.muted).to.equal(true);
    await player.play();
    await playFor(player, 1);
    expect(events).not.to.include('secure-error');
  });

  it('keeps volume and mute when the next source plays in a video again', async () => {
    const { player, events } = mountCanvas({ enableMediaOverQuic: true });
    await nextEvent(player, 'playing');
    player.volume = 0.25;
    player.muted = true;
    player.source = null;
    player.engine = 'hls';
    player.src = `${backendOrigin()}/live/demo-low.m3u8`;
    await until(() => player.media === ownVideo(player), 'the element’s own video');
    expect([player.volume, player.muted]).to.deep.equal([0.25, true]);
    expect(events).not.to.include('secure-error');
  });
});

describe('the place where an element plays', () => {
  it('takes nothing that is not a media element', () => {
    const output = new MediaOutput(new EventTarget());
    const control = {
      play: () => Promise.resolve(),
      pause: () => undefined,
      setMuted: () => undefined,
      setVolume: () => undefined,
    };
    const untyped: { replace(external: object | null): void } = output;
    for (const wrong of [document.createElement('canvas'), document.createElement('div'), {}]) {
      expect(() => {
        untyped.replace({ ...control, media: wrong });
      }).to.throw(TypeError);
    }
    expect(output.media).to.equal(output.video);
    expect(output.video.hidden).to.equal(false);
  });
});
