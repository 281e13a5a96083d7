import { expect } from 'chai';
import type { SecurePlayer } from '@gatecast/player';
import { backendOrigin } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, until } from './support/player-fixture.js';

describe('<secure-player> before hls.js has come', () => {
  const realFetch = window.fetch.bind(window);
  let mounted: SecurePlayer | null = null;

  afterEach(async () => {
    window.fetch = realFetch;
    mounted?.remove();
    mounted = null;
    await cleanPage();
  });

  /** Plays the live stream with its playlists in the token answer. */
  function mount(): SecurePlayer {
    const attributes = { 'token-url': `${backendOrigin()}/api/tokens?bootstrap` };
    const { player } = mountPlayer({ src: '/live/demo.m3u8', attributes });
    mounted = player;
    return player;
  }

  /** Changes the playlists of the token answer. */
  function changeAnswer(change: (text: string) => string): void {
    window.fetch = async (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      const response = await realFetch(input, init);
      return url.includes('/api/tokens') ? new Response(change(await response.text()), response) : response;
    };
  }

  const plays = (player: SecurePlayer, seconds: number): Promise<void> => {
    let startS: number | null = null;
    return until(
      () => {
        if (player.currentTime > 0) startS ??= player.currentTime;
        return startS !== null && player.currentTime - startS > seconds;
      },
      `${String(seconds)} s of media`,
    );
  };

  it('keeps one media source from the first picture on, and does not seek or stop', async () => {
    const breaks: string[] = [];
    const player = mount();
    await nextEvent(player, 'playing');
    const { currentSrc } = player;
    for (const type of ['emptied', 'loadstart', 'seeking'])
      player.addEventListener(type, () => breaks.push(type));
    let lastS = 0;
    player.addEventListener('timeupdate', () => {
      if (player.currentTime < lastS) breaks.push('back');
      lastS = player.currentTime;
    });
    // Longer than a segment, so that hls.js has loaded the next one.
    await plays(player, 3);
    expect(breaks).to.deep.equal([]);
    expect(player.currentSrc).to.equal(currentSrc);
    expect(player.error).to.equal(null);
  });

  it('plays a stream whose codecs are not those that its playlist names', async () => {
    changeAnswer((text) => text.replace(/CODECS=\\"(avc1[^,"]*),mp4a[^"]*\\"/g, String.raw`CODECS=\"$1\"`));
    const player = mount();
    await plays(player, 1);
    expect(player.error).to.equal(null);
  });

  it('leaves no source in an element that is removed', async () => {
    const player = mount();
    await nextEvent(player, 'loadstart');
    player.remove();
    const video = player.shadowRoot?.querySelector('video');
    await until(() => video?.hasAttribute('src') === false, 'the source to be gone');
  });

  it('plays again after it was moved at once', async () => {
    const player = mount();
    await nextEvent(player, 'loadstart');
    const place = document.createElement('div');
    document.body.append(place);
    place.append(player);
    await plays(player, 1);
    expect(player.error).to.equal(null);
    player.remove();
    place.remove();
  });
});
