import type { SecurePlayer } from '@gatecast/player';
import { systemClock } from '@gatecast/token';
import { expect } from 'chai';
import { backendOrigin, requestLog, setFaults } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, pause, playFor, until } from './support/player-fixture.js';

const tokenUrl = () => `${backendOrigin()}/api/tokens`;
const streamUrl = (stream: string) => `${backendOrigin()}/live/${stream}.m3u8`;

async function requestsSince(sinceMs: number, kind: string) {
  return (await requestLog()).filter((line) => line.atMs >= sinceMs && line.kind === kind);
}

describe('the lifecycle of <secure-player>', () => {
  afterEach(cleanPage);

  it('keeps properties that were set before the element was defined', async () => {
    const plain = document.createElement('secure-player-late');
    document.body.append(plain);
    Object.assign(plain, { src: streamUrl('demo-low'), tokenUrl: tokenUrl(), volume: 0.25, muted: true });
    class Late extends (customElements.get('secure-player') as typeof SecurePlayer) {}
    customElements.define('secure-player-late', Late);
    // Upgraded in place.
    const early = document.querySelector<SecurePlayer>('secure-player-late');
    await early?.updateComplete;
    expect(early?.src).to.equal(streamUrl('demo-low'));
    expect(early?.volume).to.equal(0.25);
    expect(early?.muted).to.equal(true);
  });

  it('continues to play when it is moved in the document', async () => {
    const { player } = mountPlayer();
    await nextEvent(player, 'playing');
    const sinceMs = Date.now();
    const box = document.createElement('div');
    document.body.append(box);
    box.append(player);
    await playFor(player, 1);
    expect(await requestsSince(sinceMs, 'token')).to.have.length(0);
    expect(await requestsSince(sinceMs, 'init')).to.have.length(0);
    box.remove();
  });

  it('stops when it is removed, and plays again when it is inserted again', async () => {
    const { player } = mountPlayer();
    await nextEvent(player, 'playing');
    player.remove();
    await pause(100);
    expect(systemClock.pending).to.equal(0);
    const sinceMs = Date.now();
    await pause(2500);
    expect(await requestsSince(sinceMs, 'playlist')).to.have.length(0);
    document.body.append(player);
    await nextEvent(player, 'playing');
    await playFor(player, 1);
  });

  it('loads once when its source changes twice in a tick', async () => {
    const sinceMs = Date.now();
    const { player } = mountPlayer();
    player.src = streamUrl('demo-high');
    player.src = streamUrl('demo-medium');
    await nextEvent(player, 'playing');
    const playlists = await requestsSince(sinceMs, 'playlist');
    expect(new Set(playlists.map((line) => line.stream))).to.deep.equal(new Set(['demo-medium']));
  });

  it('shares one token between two players of one stream', async () => {
    const sinceMs = Date.now();
    const first = mountPlayer();
    const second = mountPlayer();
    await Promise.all([nextEvent(first.player, 'playing'), nextEvent(second.player, 'playing')]);
    expect(await requestsSince(sinceMs, 'token')).to.have.length(1);
    first.player.remove();
    await playFor(second.player, 1);
  });

  it('uses a token that the page provides, and fetches none before that expires', async () => {
    const answer = await fetch(tokenUrl(), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ purpose: 'playback', streams: ['demo-low'], reason: 'initial' }),
    });
    const { tokens } = (await answer.json()) as { tokens: { token: string }[] };
    const sinceMs = Date.now();
    const { player } = mountPlayer({
      prepare: (element) => {
        element.token = tokens[0]?.token ?? null;
      },
    });
    await nextEvent(player, 'playing');
    expect(await requestsSince(sinceMs, 'token')).to.have.length(0);
  });

  it('calls the page’s own function for tokens', async () => {
    const asked: string[] = [];
    const { player } = mountPlayer({
      prepare: (element) => {
        element.removeAttribute('token-url');
        element.tokenSource = async (request) => {
          asked.push(`${request.purpose} ${request.streams.join()} ${request.reason}`);
          const response = await fetch(tokenUrl(), {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify(request),
          });
          return (await response.json()) as { tokens: [] };
        };
      },
    });
    await nextEvent(player, 'playing');
    expect(asked).to.deep.equal(['playback demo-low initial']);
    await player.refreshToken();
    expect(asked.at(-1)).to.equal('playback demo-low manual');
  });

  it('waits for play() when preload is none', async () => {
    const sinceMs = Date.now();
    const { player } = mountPlayer({
      prepare: (element) => {
        element.removeAttribute('autoplay');
        element.setAttribute('preload', 'none');
      },
    });
    await pause(500);
    expect(await requestsSince(sinceMs, 'token')).to.have.length(0);
    await player.play();
    await playFor(player, 1);
  });

  it('uses its defaults again when attributes are removed', () => {
    const { player } = mountPlayer({
      attributes: { 'token-origins': 'https://a.example', 'refresh-lead': '5', engine: 'hls' },
    });
    for (const name of ['token-origins', 'token-url', 'refresh-lead', 'engine', 'token-credentials', 'src'])
      player.removeAttribute(name);
    expect(player.tokenOrigins).to.equal('');
    expect(player.tokenUrl).to.equal('');
    expect(player.engine).to.equal('auto');
    expect(player.tokenCredentials).to.equal('same-origin');
    expect(player.src).to.equal('');
  });

  it('changes the token endpoint without interrupting playback', async () => {
    const { player, events } = mountPlayer();
    await nextEvent(player, 'playing');
    const sinceMs = Date.now();
    player.tokenUrl = `${tokenUrl()}?tenant=b`;
    await until(
      () => events.filter((event) => event === 'secure-token-refreshed:initial').length === 2,
      'a token of the other endpoint',
    );
    await playFor(player, 2);
    expect(await requestsSince(sinceMs, 'init')).to.have.length(0);
  });

  it('plays again after an error when the token arrives later', async () => {
    await setFaults({ tokens: { refuse: 'demo-low' } });
    const { player, events } = mountPlayer();
    await until(() => events.includes('secure-error:token-refused'), 'the refusal');
    await setFaults({ tokens: { refuse: [] } });
    await player.play();
    await playFor(player, 1);
    expect(player.error).to.equal(null);
    expect(player.shadowRoot?.querySelector('[part="error"]')).to.equal(null);
  });
});
