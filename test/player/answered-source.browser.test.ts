import { expect } from 'chai';
import { backendOrigin } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
import { mintToken } from './support/mint-token.js';
import { mountPlayer, nextEvent, until, type PlayerFixture } from './support/player-fixture.js';
import type { TokenFunction } from '@gatecast/token';

/** A player without `src`. */
function mountWithoutSource(tokenSource: TokenFunction, attributes = {}): PlayerFixture {
  return mountPlayer({
    attributes,
    prepare: (player) => {
      player.removeAttribute('src');
      player.removeAttribute('token-url');
      player.tokenSource = tokenSource;
    },
  });
}

describe('<secure-player> without a source', () => {
  afterEach(cleanPage);

  it('plays the address of the token response, and asks for its tokens once', async () => {
    const asked: (readonly string[])[] = [];
    const token = await mintToken('demo-low');
    const tokenSource: TokenFunction = ({ streams }) => {
      asked.push(streams);
      const url = `${backendOrigin()}/live/demo-low.m3u8?token=${token}`;
      return Promise.resolve({ url, tokens: [{ stream: 'any', token }] });
    };
    const { player, events } = mountWithoutSource(tokenSource, { stream: 'show' });
    await until(() => player.currentTime > 0.5 && !player.paused, 'playback');
    expect(asked).to.deep.equal([['show']]);
    expect(player.tokenStates[0]?.carriers).to.have.members(['token', 'url']);
    expect(JSON.stringify(player.diagnostics())).not.to.contain(token);
    expect(player.currentSrc).not.to.contain(token);
    expect(events.filter((event) => event.includes('error'))).to.deep.equal([]);
  });

  it('waits for the answer before it plays, and says what is missing in it', async () => {
    const token = await mintToken('demo-low');
    const waiting = mountWithoutSource(
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        return { url: `${backendOrigin()}/live/demo-low.m3u8`, token };
      },
      { preload: 'none' },
    );
    waiting.player.autoplay = false;
    await waiting.player.updateComplete;
    await waiting.player.play();
    await until(() => waiting.player.currentTime > 0, 'playback');
    waiting.player.remove();

    const { player } = mountWithoutSource(() => Promise.resolve({ token }));
    const { error } = await nextEvent(player, 'secure-error');
    expect(error.code).to.equal('source-missing');
    expect(error.message).to.contain('"url"');
  });

  it('makes three requests at most for a page that renders with a new function at each failure', async () => {
    let requests = 0;
    const render = (): TokenFunction => () => {
      requests += 1;
      // Before the limit was kept, this went on until the test ended.
      if (requests > 20) return new Promise(() => undefined);
      return Promise.resolve(new Response(null, { status: 401 }));
    };
    const { player, events } = mountWithoutSource(render());
    const heard: string[] = [];
    for (const type of ['secure-token-failed', 'secure-error'] as const)
      player.addEventListener(type, ({ error }) => {
        heard.push(`${type}:${error.code}`);
        player.tokenSource = render();
      });
    await until(() => heard.includes('secure-error:token-refused') || requests > 20, 'the error');
    await player.updateComplete;
    expect(requests).to.be.within(1, 3);

    // The page is told no more, and a function that works is called as soon as the page allows another start.
    const token = await mintToken('demo-low');
    player.tokenSource = () => Promise.resolve({ url: `${backendOrigin()}/live/demo-low.m3u8`, token });
    await player.updateComplete;
    await player.play();
    await until(() => player.currentTime > 0, 'playback');
    expect(requests).to.be.within(1, 3);
    expect(player.error).to.equal(null);
    expect(events.filter((event) => event.startsWith('secure-entry-changed'))).to.have.length(1);
  });

  it('keeps a source that the page sets before the answer, and reports no missing source', async () => {
    const token = await mintToken('demo-low');
    let answer = (): void => undefined;
    const isAnswered = new Promise<void>((resolve) => (answer = resolve));
    const { player, events } = mountWithoutSource(async ({ streams: [stream = ''] }) => {
      if (stream === 'demo-low') return { token };
      await isAnswered;
      return { url: `${backendOrigin()}/live/late.m3u8`, token };
    });
    await player.updateComplete;
    await player.updateSource({ entries: [{ index: 0, hls: `${backendOrigin()}/live/demo-low.m3u8` }] });
    answer();
    await until(() => player.currentTime > 2, 'playback');
    expect(JSON.stringify(player.diagnostics()['playback']))
      .to.contain('demo-low.m3u8')
      .and.not.contain('late.m3u8');
    expect(events.filter((event) => event.includes('error'))).to.deep.equal([]);
  });
});
