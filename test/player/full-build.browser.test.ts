import type { HlsConfigOptions } from '@gatecast/player';
import { expect } from 'chai';
import { openMediaOrigin } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
import { formUrl, playlist, recording, requestedPaths, storeForm } from './support/hls-form-origin.js';
import { mountPlayer, nextEvent, playFor, until } from './support/player-fixture.js';

type Fixture = ReturnType<typeof mountPlayer>;

/** A player of open sources, whose address of each request with its query is kept. */
function mountOpen(prepare: (player: Fixture['player']) => void): Fixture {
  return mountPlayer({
    prepare: (player) => {
      player.removeAttribute('src');
      player.removeAttribute('token-url');
      prepare(player);
    },
  });
}

const addresses = (): URL[] => performance.getEntriesByType('resource').map(({ name }) => new URL(name));

const separateAudio = {
  'index.m3u8': playlist(
    '#EXT-X-MEDIA:TYPE="AUDIO",GROUP-ID="audio",NAME="main",AUTOSELECT=YES,DEFAULT=YES,URI="audio.m3u8"',
    '#EXT-X-STREAM-INF:BANDWIDTH=300000,CODECS="avc1.4d401e,mp4a.40.2",AUDIO="audio"',
    'video.m3u8',
  ),
  'video.m3u8': recording({ kind: 'video' }),
  'audio.m3u8': recording({ kind: 'audio' }),
  'muxed.m3u8': recording(),
};

async function storeSeparateAudio(form: string): Promise<void> {
  for (const [file, text] of Object.entries(separateAudio)) await storeForm(form, file, text);
}

/** Two entries, each with a folder and a stream of its own. */
function mountTwo(form: string, files: readonly string[]): Fixture {
  return mountOpen((player) => {
    player.tokenSource = ({ streams }) =>
      Promise.resolve({ tokens: streams.map((stream) => ({ stream, token: `token-of-${stream}` })) });
    player.source = {
      entries: files.map((file, index) => ({
        hls: formUrl(`cam${String(index)}`, form, file),
        stream: `cam${String(index)}`,
      })),
      startIndex: 0,
    };
  });
}

/** Requests for the media of an entry with another token than its own. */
function wrongTokens(form: string): string[] {
  return addresses()
    .filter(({ pathname }) => pathname.startsWith('/forms/cam') && pathname.includes(`/${form}/`))
    .filter(({ pathname, searchParams }) => {
      const [, stream = ''] = /^\/forms\/(\w+)\//.exec(pathname) ?? [];
      return searchParams.get('token') !== `token-of-${stream}`;
    })
    .map(({ pathname }) => pathname);
}

describe('the full build of hls.js', () => {
  before(() => {
    performance.setResourceTimingBufferSize(5000);
  });
  afterEach(cleanPage);

  it('plays separate audio of several entries, each with its own token', async () => {
    await storeSeparateAudio('two');
    const { player } = mountTwo('two', ['index.m3u8', 'index.m3u8']);
    await nextEvent(player, 'playing');
    await until(() => requestedPaths('cam0', 'two').some((path) => path.includes('/audio/')), 'its sound');
    expect(player.entries.map(({ index }) => index)).to.deep.equal([0, 1]);
    await until(() => player.activeEntry?.index === 0, 'the first entry');
    player.switchEntry(1);
    await until(() => player.activeEntry?.index === 1, 'the other entry');
    await until(() => requestedPaths('cam1', 'two').some((path) => path.includes('/audio/')), 'its sound');
    expect(wrongTokens('two')).to.deep.equal([]);
  });

  it('also finds the groups of an entry that is switched to later', async () => {
    await storeSeparateAudio('later');
    const { player, events } = mountTwo('later', ['muxed.m3u8', 'index.m3u8']);
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    player.switchEntry(1);
    await until(() => player.activeEntry?.index === 1, 'the other entry');
    await until(() => requestedPaths('cam1', 'later').some((path) => path.includes('/audio/')), 'its sound');
    expect(player.currentTime, JSON.stringify(player.diagnostics())).to.be.greaterThan(0.9);
    expect(wrongTokens('later')).to.deep.equal([]);
    expect(events.join()).not.to.include('secure-error');
  });

  it('is used for CMCD, which only it has, with the name of the stream', async () => {
    await storeForm('cmcd', 'index.m3u8', recording());
    const { player } = mountOpen((element) => {
      element.setAttribute('cmcd', '');
      element.stream = 'clip';
      element.src = formUrl('player', 'cmcd', 'index.m3u8');
    });
    await nextEvent(player, 'playing');
    const asked = () => addresses().filter(({ pathname }) => pathname.includes('/cmcd/'));
    // The first requests are sent before hls.js is there.
    await until(
      () => asked().some(({ searchParams }) => searchParams.get('CMCD')?.includes('cid="clip"')),
      'a request with CMCD',
    );
  });

  for (const useHeaders of [false, true]) {
    it(`sends CMCD in ${useHeaders ? 'headers' : 'the query'}, beside the token, and no request twice`, async () => {
      const form = useHeaders ? 'cmcd-headers' : 'cmcd-query';
      // A query that a URL parser would write in another way, as signatures have.
      await storeForm(
        form,
        'index.m3u8',
        recording().replace(/^([^#\n]+)$/gm, '$1?hdntl=exp=1900000000~acl=/*&flag'),
      );
      const original = globalThis.fetch;
      const asked: Request[] = [];
      globalThis.fetch = (input, init) => {
        const request = new Request(input, init);
        if (!request.url.includes(form)) return original(input, init);
        asked.push(request);
        // An origin would have to allow them.
        const headers = [...request.headers].filter(([name]) => !name.startsWith('cmcd'));
        return original(request.url, { ...init, headers });
      };
      const reports: unknown[] = [];
      const hasCmcd = ({ url, headers }: Request): boolean => {
        const cmcd = useHeaders ? headers.get('CMCD-Session') : new URL(url).searchParams.get('CMCD');
        return cmcd?.includes('cid="clip"') ?? false;
      };
      try {
        const { player } = mountOpen((element) => {
          element.cmcd = useHeaders ? 'headers-v2' : 'query';
          const loader = (report: unknown) => {
            reports.push(report);
            return Promise.resolve({ status: 204 });
          };
          const eventTargets = useHeaders ? [{ url: 'https://reports.example/', events: ['ps', 'rr'] }] : [];
          element.hlsConfig = { cmcd: { contentId: 'clip', eventTargets, loader } } as HlsConfigOptions;
          element.tokenSource = () =>
            Promise.resolve({ tokens: [{ stream: 'cam0', token: 'token-of-cam0' }] });
          element.stream = 'cam0';
          element.src = formUrl('cam0', form, 'index.m3u8');
        });
        await nextEvent(player, 'playing');
        await until(() => asked.some(hasCmcd), 'a request with CMCD');
        if (useHeaders) await until(() => JSON.stringify(reports).includes('e=rr'), 'a report of a response');
      } finally {
        globalThis.fetch = original;
      }
      expect(JSON.stringify(reports)).not.to.include('token-of-cam0');
      expect(asked.every(({ url }) => new URL(url).searchParams.get('token') === 'token-of-cam0')).to.equal(
        true,
      );
      const signed = asked.filter(({ url }) => new URL(url).searchParams.has('hdntl'));
      expect(signed.length).to.be.greaterThan(0);
      expect(
        signed.map(({ url }) => url).filter((url) => !url.includes('?hdntl=exp=1900000000~acl=/*&flag')),
      ).to.deep.equal([]);
      const paths = asked.map(({ url, headers }) => `${new URL(url).pathname} ${headers.get('range') ?? ''}`);
      expect(paths).to.deep.equal([...new Set(paths)]);
    });
  }

  it('sends CMCD in the query for a source with two entries', async () => {
    for (const stream of ['cam0', 'cam1']) await storeForm(`${stream}-cmcd`, 'index.m3u8', recording());
    const { player, events } = mountOpen((element) => {
      element.hlsConfig = { cmcd: { contentId: 'clip' } };
      element.source = {
        entries: ['cam0', 'cam1'].map((stream, index) => ({
          index,
          stream,
          info: { bitrate: 2000 - index * 1000 },
          hls: formUrl('player', `${stream}-cmcd`, 'index.m3u8'),
        })),
      };
    });
    await nextEvent(player, 'playing');
    await until(
      () => addresses().some(({ searchParams }) => searchParams.has('CMCD')),
      'a request with CMCD',
    );
    expect(events.join()).not.to.include('secure-error');
  });

  it('takes over a live stream that comes to need it, at the same distance to live', async () => {
    const live = `${openMediaOrigin()}/live/demo-low.m3u8`;
    const original = globalThis.fetch;
    let isChanged = false;
    globalThis.fetch = async (input, init) => {
      const response = await original(input, init);
      if (!response.url.startsWith(live) || !isChanged) return response;
      const text = (await response.text())
        .replace('#EXTM3U', '#EXTM3U\n#EXT-X-DEFINE:NAME="folder",VALUE="demo-low"')
        .replaceAll(/^demo-low\//gm, '{$folder}/');
      const changed = new Response(text);
      Object.defineProperty(changed, 'url', { value: response.url });
      return changed;
    };
    try {
      const { player, events } = mountOpen((element) => {
        element.src = live;
      });
      await nextEvent(player, 'playing');
      await playFor(player, 1);
      isChanged = true;
      await nextEvent(player, 'emptied');
      await nextEvent(player, 'playing');
      await playFor(player, 5);
      expect(JSON.stringify(player.diagnostics())).to.include('"reason":"playlist"');
      expect(events.join()).not.to.include('secure-error');
    } finally {
      globalThis.fetch = original;
    }
  });
});
