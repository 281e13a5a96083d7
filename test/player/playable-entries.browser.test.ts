import { expect } from 'chai';
import { backendOrigin } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, until } from './support/player-fixture.js';
import type { PlayerSource } from '@gatecast/player';

const hls = (stream: string) => ({ hls: `${backendOrigin()}/live/${stream}.m3u8` });
const bintu = { bintu: { streamid: 'a-stream-id' } };
const cases: readonly {
  engine: string;
  source: PlayerSource;
  /** What the token source is asked for; the request is not answered. */
  streams: readonly string[];
  /** Engine that the hint of the error names, if nothing can be played. */
  other?: string;
}[] = [
  { engine: 'hls', source: { entries: [hls('demo-low'), bintu] }, streams: ['demo-low'] },
  { engine: 'hls', source: { entries: [bintu, hls('demo-low')], startIndex: 0 }, streams: ['demo-low'] },
  { engine: 'native', source: { entries: [hls('demo-low'), bintu] }, streams: ['demo-low'] },
  { engine: 'nanoplayer', source: { entries: [hls('demo-low'), bintu] }, streams: ['a-stream-id'] },
  { engine: 'hls', source: { group: { id: 'a-group' } }, streams: [], other: 'nanoplayer' },
  { engine: 'native', source: { entries: [bintu] }, streams: [], other: 'nanoplayer' },
  { engine: 'nanoplayer', source: { entries: [hls('demo-low')] }, streams: [], other: 'hls' },
];

describe('an entry that the engine cannot play', () => {
  afterEach(cleanPage);

  for (const { engine, source, streams, other } of cases) {
    it(`costs no token: ${engine}, ${JSON.stringify(Object.values(source)[0]).replaceAll(backendOrigin(), '')}`, async () => {
      const asked: string[] = [];
      const { player, events } = mountPlayer({
        engine,
        prepare: (element) => {
          element.removeAttribute('src');
          element.removeAttribute('token-url');
          element.source = source;
          element.tokenSource = (request) => {
            asked.push(...request.streams);
            // Never answered: only what is asked for matters.
            return new Promise(() => undefined);
          };
        },
      });
      if (other === undefined) {
        await until(() => asked.length > 0, 'a request for a token');
        expect(events).not.to.include('secure-error:source-missing');
        expect(player.tokenStates.map(({ stream }) => stream)).to.deep.equal(streams);
        expect(player.entries.map(({ stream }) => stream)).to.deep.equal(streams);
      } else {
        const { error } = await nextEvent(player, 'secure-error');
        expect(error.code).to.equal('source-missing');
        expect(error.message).to.contain(engine);
        expect(error.hint).to.contain(`engine="${other}"`);
      }
      expect(asked).to.deep.equal(streams);
    });
  }
});
