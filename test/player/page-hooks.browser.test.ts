import { expect } from 'chai';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent } from './support/player-fixture.js';

const nativeFetch = globalThis.fetch;

interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly credentials: RequestCredentials | undefined;
}

/** Records the media requests, and sends them as they are without the hooks, because the origin allows no other headers. */
function recordMedia(): Sent[] {
  const sent: Sent[] = [];
  globalThis.fetch = (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.includes('/live/')) return nativeFetch(input, init);
    const headers = new Headers(init.headers);
    sent.push({ url, headers, credentials: init.credentials });
    return nativeFetch(url, { ...init, headers: {}, credentials: 'same-origin' });
  };
  return sent;
}

describe('hlsConfig of <secure-player>', () => {
  afterEach(async () => {
    globalThis.fetch = nativeFetch;
    await cleanPage();
  });

  it('calls xhrSetup for every request, without the token, and sends what it sets', async () => {
    const sent = recordMedia();
    const seen: string[] = [];
    const setUp = (xhr: XMLHttpRequest, url: string): void => {
      seen.push(url);
      xhr.setRequestHeader('X-Page', 'set');
      xhr.withCredentials = true;
    };
    const plain = mountPlayer({
      prepare: (player) => {
        player.hlsConfig = { xhrSetup: setUp };
      },
    }).player;
    const opening = mountPlayer({
      src: '/live/demo-medium.m3u8',
      prepare: (player) => {
        player.hlsConfig = {
          xhrSetup: (xhr: XMLHttpRequest, url: string) => {
            xhr.open('GET', `${url}?page=1`, true);
            setUp(xhr, url);
          },
        };
      },
    }).player;
    await Promise.all([nextEvent(plain, 'playing'), nextEvent(opening, 'playing')]);
    expect(seen.filter((url) => url.includes('token='))).to.deep.equal([]);
    expect(sent.filter(({ url }) => !url.includes('token='))).to.deep.equal([]);
    for (const { url, headers, credentials } of sent) {
      expect([headers.get('X-Page'), credentials], url).to.deep.equal(['set', 'include']);
      expect(url.includes('page=1'), url).to.equal(url.includes('demo-medium'));
    }
    // Playlist, init and media segment of both.
    expect(sent.length).to.be.at.least(6);
  });

  it('refuses a hook that fails, and names that hls.js does not know', async () => {
    const configs = {
      xhrSetup: {
        xhrSetup: () => {
          throw new Error('of the page');
        },
      },
      maxBufferLength: { maxBufferLenght: 30 },
      fetchSetup: { loader: Map },
    };
    await Promise.all(
      Object.entries(configs).map(async ([named, hlsConfig]) => {
        const { player } = mountPlayer({
          prepare: (each) => {
            Object.assign(each, { hlsConfig });
          },
        });
        const { error } = await nextEvent(player, 'secure-error');
        expect(error.code, named).to.equal('option-invalid');
        expect(`${error.message} ${error.hint}`).to.include(named);
      }),
    );
  });
});
