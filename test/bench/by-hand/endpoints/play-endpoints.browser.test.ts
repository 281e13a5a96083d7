import MuxPlayerElement from '@mux/mux-player';
import { cleanPage } from '../../../player/support/clean-page.js';
import { until } from '../../../player/support/player-fixture.js';
import { backendOrigin } from '../../../support/backend.js';
import { skipUnless } from '../../../support/skip-unless.js';
import type { FetchedItem } from '../fetch-item.js';
import { fetchedToken } from './fetched-token.js';
import { play as playWithHls } from './play-with-hls.js';
import { play as playWithMuxPlayer } from './play-with-mux-player.js';
import { readJson } from './read-json.js';

const stream = 'demo-low';

/** The demo's endpoint, as `{ token }`. */
async function fetchToken(name: string): Promise<FetchedItem> {
  const response = await fetch(`${backendOrigin()}/api/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ purpose: 'playback', streams: [name], reason: 'initial' }),
  });
  const { tokens } = await readJson<{ tokens: [{ token: string }] }>(response);
  return fetchedToken(tokens[0].token);
}

describe('the hand-written pages for an existing endpoint', () => {
  afterEach(cleanPage);

  it('play with hls.js', async function () {
    skipUnless('many players', this);
    const video = document.createElement('video');
    Object.assign(video, { muted: true, autoplay: true });
    document.body.append(video);
    const stop = playWithHls(video, { src: `${backendOrigin()}/live/${stream}.m3u8`, stream }, fetchToken);
    await until(() => video.currentTime > 0, 'hls.js plays');
    stop();
    video.remove();
  });

  it('play with mux-player', async function () {
    skipUnless('many players', this);
    const player = new MuxPlayerElement();
    Object.assign(player, { muted: true, autoplay: true, disableTracking: true });
    document.body.append(player);
    const stop = playWithMuxPlayer(
      player,
      { src: `${backendOrigin()}/live/${stream}.m3u8`, stream },
      fetchToken,
    );
    await until(() => player.currentTime > 0, 'mux-player plays');
    stop();
    player.remove();
  });
});
