import { expect } from 'chai';
import { backendOrigin, requestLog } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor } from './support/player-fixture.js';

const nativeFetch = globalThis.fetch;

async function mintToken(): Promise<string> {
  const answer = await nativeFetch(`${backendOrigin()}/api/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ purpose: 'playback', streams: ['demo-low'], reason: 'initial' }),
  });
  const { tokens } = (await answer.json()) as { tokens: { token: string }[] };
  return tokens[0]?.token ?? '';
}

describe('option values of <secure-player>', () => {
  afterEach(async () => {
    globalThis.fetch = nativeFetch;
    await cleanPage();
  });

  for (const tokenOrigins of ['cdn.example.com', '//cdn.example.com', 'https://cdn.example.com/live', '/']) {
    it(`refuses token-origins="${tokenOrigins}" before any request`, async () => {
      const sinceMs = Date.now();
      const { player } = mountPlayer({ attributes: { 'token-origins': tokenOrigins } });
      const { error } = await nextEvent(player, 'secure-error');
      expect(error.code).to.equal('option-invalid');
      expect(error.message).to.include('token-origins');
      expect(error.hint).to.include('token-origins="https://cdn.example.com');
      expect((await requestLog()).filter(({ atMs }) => atMs >= sinceMs)).to.have.length(0);
      // The element is not lost: the right value plays.
      player.tokenOrigins = 'https://cdn.example.com';
      await nextEvent(player, 'playing');
    });
  }

  it('refuses misspelt values, with the valid ones', async () => {
    for (const [name, value, valid] of [
      ['token-credentials', 'same_origin', 'same-origin'],
      ['token-placement', 'Query:token', 'query:<name>'],
      ['engine', 'hsl', 'hls'],
    ] as const) {
      const { player } = mountPlayer({ attributes: { [name]: value } });
      const { error } = await nextEvent(player, 'secure-error');
      expect(`${error.message} ${error.hint}`, name).to.include(valid);
      player.remove();
    }
  });

  it('plays with cookies that the origin has set itself, without a token source', async () => {
    const token = await mintToken();
    const credentials = new Set<RequestCredentials | undefined>();
    // As an origin would with the signed cookie.
    globalThis.fetch = (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      if (!url.includes('/live/')) return nativeFetch(input, init);
      credentials.add(init?.credentials);
      return nativeFetch(`${url}?token=${token}`, { ...init, credentials: 'same-origin' });
    };
    const { player } = mountPlayer({
      attributes: { 'token-placement': 'cookie' },
      prepare: (each) => {
        each.removeAttribute('token-url');
      },
    });
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    expect([...credentials]).to.deep.equal(['include']);
    expect(player.tokenStates.every(({ state }) => state !== 'failed')).to.equal(true);
  });
});
