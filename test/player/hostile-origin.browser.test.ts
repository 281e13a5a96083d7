import { expect } from 'chai';
import { skipUnless } from '../support/skip-unless.js';
import { cleanPage } from './support/clean-page.js';
import { HostileOrigin, recordedLines } from './support/hostile-origin.js';
import { mountPlayer, nextEvent } from './support/player-fixture.js';

const BAD_URL = 'http://[bad/x';

let origin: HostileOrigin;

const playlist = (...lines: string[]): string => ['#EXTM3U', ...lines, ''].join('\n');

/** Loads a playlist and gives the code of the error. */
async function codeOf(text: string | (() => Response), engine: string): Promise<string> {
  const { player } = mountPlayer({
    src: origin.put('media.m3u8', text),
    engine,
    prepare: (element) => {
      element.removeAttribute('token-url');
    },
  });
  const { error } = await nextEvent(player, 'secure-error');
  player.remove();
  return error.code;
}

describe('<secure-player> with a hostile origin', () => {
  beforeEach(() => {
    origin = new HostileOrigin();
  });
  afterEach(async () => {
    origin.restore();
    expect(origin.uncaught, 'uncaught errors').to.deep.equal([]);
    await cleanPage();
  });

  for (const engine of ['hls', 'native']) {
    it(`reports an address that is not a URL, engine="${engine}"`, async function () {
      if (engine === 'native') skipUnless('dependable native hls', this);
      const recorded = (await recordedLines()).join('\n');
      const texts = [
        playlist('#EXT-X-STREAM-INF:BANDWIDTH=1', BAD_URL),
        recorded.replace(/^https?:.*$/m, BAD_URL),
        playlist(
          '#EXT-X-TARGETDURATION:2',
          `#EXT-X-MAP:URI="${BAD_URL}"`,
          '#EXTINF:2,',
          'a.m4s',
          '#EXT-X-ENDLIST',
        ),
      ];
      for (const text of texts) expect(await codeOf(text, engine), text).to.equal('source-invalid');
    });

    it(`reports numbers that would fill the memory or repeat without a pause, engine="${engine}"`, async function () {
      if (engine === 'native') skipUnless('dependable native hls', this);
      for (const line of ['#EXT-X-SKIP:SKIPPED-SEGMENTS=-1', '#EXT-X-TARGETDURATION:99999999']) {
        const text = playlist('#EXT-X-TARGETDURATION:2', line, '#EXTINF:2,', 'a.m4s');
        expect(await codeOf(text, engine), line).to.equal('source-invalid');
      }
    });

    it(`reports a playlist without an end and one of empty variants, engine="${engine}"`, async function () {
      if (engine === 'native') skipUnless('dependable native hls', this);
      const chunk = new Uint8Array(65_536).fill(35);
      const endless = () =>
        new Response(
          new ReadableStream<Uint8Array>({
            pull: (controller) => {
              controller.enqueue(chunk);
            },
          }),
        );
      expect(await codeOf(endless, engine)).to.equal('source-too-large');
      const variants = playlist('#EXT-X-STREAM-INF:\n'.repeat(40_000));
      expect(await codeOf(variants, engine)).to.match(/^source-(?:not-hls|too-large)$/);
    });
  }

  it('reports a playlist that hls.js cannot read', async () => {
    const text = playlist(
      '#EXT-X-MEDIA:TYPE=constructor,GROUP-ID="a",NAME="a"',
      '#EXT-X-STREAM-INF:BANDWIDTH=1',
      origin.put('low.m3u8', playlist('#EXT-X-TARGETDURATION:2')),
    );
    expect(await codeOf(text, 'hls')).to.equal('source-invalid');
  });
});
