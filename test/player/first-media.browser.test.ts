import { expect } from 'chai';
import type { SecurePlayer } from '@gatecast/player';
import { backendOrigin } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent } from './support/player-fixture.js';

interface Announced {
  readonly url: string;
}

/** What the page requests itself, and what its token answer announces. */
interface Watched {
  readonly media: string[];
  announced: readonly Announced[];
  type: string | null;
}

/** Cuts the body of an answer after a number of bytes. */
function cut(response: Response, atBytes: number): Response {
  let left = atBytes;
  const limited = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      if (left > 0) controller.enqueue(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) controller.terminate();
    },
  });
  return new Response(response.body?.pipeThrough(limited), response);
}

describe('<secure-player> with the first media in the token answer', () => {
  const realFetch = window.fetch.bind(window);
  let mounted: SecurePlayer | null = null;

  afterEach(async () => {
    window.fetch = realFetch;
    mounted?.remove();
    mounted = null;
    await cleanPage();
  });

  /** @param change - changes the answer of the token endpoint. */
  function watch(change: (response: Response, json: string) => Response = (response) => response): Watched {
    const watched: Watched = { media: [], announced: [], type: null };
    window.fetch = async (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      const response = await realFetch(input, init);
      if (!url.includes('/api/tokens')) {
        const { origin, pathname } = new URL(url);
        watched.media.push(origin + pathname);
        return response;
      }
      if (watched.type !== null) return response;
      watched.type = response.headers.get('Content-Type');
      const body = await response.arrayBuffer();
      const text = new TextDecoder('latin1').decode(body);
      const json = /\r\n\r\n(\{.*?\})\r\n--/s.exec(text)?.[1] ?? '{}';
      watched.announced = (JSON.parse(json) as { media?: Announced[] }).media ?? [];
      return change(new Response(body, response), text.slice(0, text.indexOf(json) + json.length));
    };
    return watched;
  }

  async function play(src: string): Promise<SecurePlayer> {
    const attributes = { 'token-url': `${backendOrigin()}/api/tokens?bootstrap=media` };
    const { player } = mountPlayer({ src, attributes });
    mounted = player;
    await nextEvent(player, 'timeupdate');
    return player;
  }

  const requestsOf = ({ media, announced }: Watched): number[] =>
    announced.map(({ url }) => media.filter((each) => each === url.replace(/[?#].*$/s, '')).length);

  for (const [what, src] of [
    ['a live multivariant playlist', '/live/demo.m3u8'],
    ['a live media playlist', '/live/demo-low.m3u8'],
  ] as const)
    it(`begins ${what} with them, and requests none of them`, async () => {
      const watched = watch();
      const player = await play(src);
      expect(watched.type).to.match(/^multipart\/mixed/);
      expect(requestsOf(watched)).to.deep.equal([0, 0]);
      expect(player.error).to.equal(null);
    });

  it('requests itself what is cut off', async () => {
    const watched = watch((response, json) => cut(response, json.length + 600));
    const player = await play('/live/demo-low.m3u8');
    expect(requestsOf(watched).at(-1)).to.equal(1);
    expect(player.error).to.equal(null);
  });

  it('requests itself what does not come at all', async () => {
    const watched = watch((response, json) => cut(response, json.length + 2));
    const player = await play('/live/demo-low.m3u8');
    expect(requestsOf(watched)).to.deep.equal([1, 1]);
    expect(player.error).to.equal(null);
  });
});
