import type { PlayerSource } from '@gatecast/player';
import { expect } from 'chai';
import { backendOrigin, requestLog } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
import { mintToken } from './support/mint-token.js';
import { mountPlayer, nextEvent, playFor, type PlayerSetup } from './support/player-fixture.js';
import { notations } from './support/source-notations.js';

const STREAM = 'demo-low';
const playlist = (stream: string) => `${backendOrigin()}/live/${stream}.m3u8`;

/** A player without a token endpoint: only a token that comes with the source can sign. */
function mountBare(prepare: NonNullable<PlayerSetup['prepare']>) {
  return mountPlayer({
    prepare: (player) => {
      player.removeAttribute('src');
      player.removeAttribute('token-url');
      prepare(player);
    },
  });
}

/** Media requests since then, each as `signed` with this token, or as the status of one that was not. */
async function signing(sinceMs: number, token: string): Promise<Set<string>> {
  const log = await requestLog({ sinceMs });
  const media = log.filter(({ kind, stream }) => /^(playlist|init|segment)$/.test(kind) && stream === STREAM);
  return new Set(
    media.map(({ tokenTail, status }) => (tokenTail === token.slice(-6) ? 'signed' : `unsigned ${status}`)),
  );
}

/** Each way for a source object to reach the player. */
const ways: Readonly<Record<string, (source: PlayerSource, token: string) => Promise<void>>> = {
  'the source property': async (source) => {
    const { player } = mountBare((element) => (element.source = source));
    await nextEvent(player, 'playing');
    await playFor(player, 1);
  },
  'updateSource, from an open stream': async (source) => {
    // Its token is in its path, so that the player itself has nothing to sign.
    const own = await mintToken('demo-high');
    const open = `${backendOrigin()}/t/${own}/live/demo-high.m3u8`;
    const { player, events } = mountBare(
      (element) => (element.source = { entries: [{ index: 0, hls: open }] }),
    );
    await nextEvent(player, 'playing');
    expect(await player.updateSource(source)).to.deep.equal({ status: 'updated' });
    await playFor(player, 1);
    expect(player.videoHeight).to.equal(360);
    // The property follows, which does not load again.
    expect(events.filter((event) => event === 'secure-entry-changed:start')).to.have.length(2);
  },
};

describe('each notation of a protected source', () => {
  afterEach(cleanPage);

  for (const [notation, write] of Object.entries(notations)) {
    for (const [way, play] of Object.entries(ways)) {
      it(`plays with each request signed: ${notation} through ${way}`, async () => {
        const token = await mintToken(STREAM);
        const sinceMs = Date.now();
        await play(write({ hls: playlist(STREAM), stream: STREAM, security: { jwtoken: token } }), token);
        expect(await signing(sinceMs, token)).to.deep.equal(new Set(['signed']));
      });
    }
  }

  const attributes: Readonly<Record<string, (player: HTMLElement) => void>> = {
    'the src attribute': (player) => player.setAttribute('src', playlist(STREAM)),
    'a <source> child': (player) => {
      const source = document.createElement('source');
      source.src = playlist(STREAM);
      player.append(source);
    },
  };
  for (const [way, write] of Object.entries(attributes)) {
    it(`plays with each request signed: ${way} with the token property`, async () => {
      const token = await mintToken(STREAM);
      const sinceMs = Date.now();
      const { player } = mountBare((element) => {
        write(element);
        element.token = token;
      });
      await nextEvent(player, 'playing');
      await playFor(player, 1);
      expect(await signing(sinceMs, token)).to.deep.equal(new Set(['signed']));
    });
  }

  it('switches to an open stream with updateSource, and sends it no token', async () => {
    const token = await mintToken(STREAM);
    const hls = playlist(STREAM);
    const { player } = mountBare(
      (element) => (element.source = { hls, h5live: { security: { jwtoken: token } } }),
    );
    await nextEvent(player, 'playing');
    const open = `${backendOrigin()}/t/${await mintToken('demo-high')}/live/demo-high.m3u8`;
    const sinceMs = Date.now();
    expect(await player.updateSource({ hls: open })).to.deep.equal({ status: 'updated' });
    await playFor(player, 1);
    expect(player.videoHeight).to.equal(720);
    const log = await requestLog({ sinceMs });
    const leaks = log.filter(
      ({ stream, tokenTail }) => stream === 'demo-high' && tokenTail === token.slice(-6),
    );
    expect(leaks).to.deep.equal([]);
  });

  it('signs an address that has played without a token before', async () => {
    const hls = `${backendOrigin()}/t/${await mintToken(STREAM)}/live/${STREAM}.m3u8`;
    const { player } = mountBare((element) => (element.source = { hls }));
    await nextEvent(player, 'playing');
    const token = await mintToken(STREAM);
    const secured = { hls, h5live: { security: { jwtoken: token } } };
    expect(await player.updateSource(secured)).to.deep.equal({ status: 'updated' });
    await playFor(player, 1);
    const sinceMs = Date.now();
    await playFor(player, 3);
    const log = await requestLog({ sinceMs });
    expect(log.some(({ query }) => query.includes(token.slice(-6)))).to.equal(true);
  });
});
