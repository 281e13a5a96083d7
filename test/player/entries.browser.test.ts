import { expect } from 'chai';
import { backendOrigin, requestLog, setFaults } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
import { BITRATES, mountEntries, NAMES, threeEntries, wronglySigned } from './support/entries-fixture.js';
import { mountPlayer, nextEvent, pause, playFor, until } from './support/player-fixture.js';

describe('a source with an entry per rendition', () => {
  afterEach(cleanPage);

  it('fetches all tokens in one request and signs each media request for its own stream', async () => {
    const sinceMs = Date.now();
    const { player } = mountEntries(threeEntries());
    await nextEvent(player, 'playing');
    for (const index of [0, 2, 1]) {
      player.switchEntry(index);
      await until(() => player.activeEntry?.index === index, `entry ${index}`);
    }
    expect(player.entries.map((entry) => entry.label)).to.deep.equal(NAMES);
    const log = (await requestLog()).filter((line) => line.atMs >= sinceMs);
    expect(log.filter((line) => line.kind === 'token')).to.have.length(1);
    expect(await wronglySigned(sinceMs)).to.have.length(0);
    expect(new Set(log.filter((line) => line.kind === 'segment').map((line) => line.stream)).size).to.equal(
      3,
    );
  });

  it('reads <source> children', async () => {
    const { player } = mountPlayer({
      prepare: (element) => {
        element.removeAttribute('src');
        for (const [index, name] of NAMES.entries()) {
          const source = document.createElement('source');
          source.src = `${backendOrigin()}/live/demo-${name}.m3u8`;
          source.setAttribute('label', name);
          source.dataset['bitrate'] = String(BITRATES[index]);
          element.append(source);
        }
      },
    });
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    expect(
      player.entries.map(({ label, bitrateKbps, stream }) => [label, bitrateKbps, stream]),
    ).to.deep.equal(NAMES.map((name, index) => [name, BITRATES[index], `demo-${name}`]));
  });

  it('uses the best variant of an entry whose address is a multivariant playlist', async () => {
    const source = threeEntries();
    const [first, , last] = source.entries ?? [];
    const { player } = mountEntries({
      entries: [
        { ...first, hls: `${backendOrigin()}/live/demo.m3u8` },
        { ...last, index: 1 },
      ],
      startIndex: 0,
    });
    await nextEvent(player, 'playing');
    await playFor(player, 2);
    expect(player.videoHeight).to.equal(720);
  });

  it('starts with startIndex, and stays there when the rule is none', async () => {
    const { player } = mountEntries(threeEntries({ startIndex: 1, options: { adaption: { rule: 'none' } } }));
    await nextEvent(player, 'playing');
    await playFor(player, 5);
    expect(player.activeEntry?.index).to.equal(1);
  });

  it('removes an entry that the origin permanently refuses, and plays the others', async () => {
    await setFaults({ media: { reject: 'demo-low' } });
    const { player, events } = mountEntries(threeEntries({ startIndex: 2 }));
    await nextEvent(player, 'playing');
    await playFor(player, 4);
    expect(player.entries.map((entry) => entry.label)).to.deep.equal(['high', 'medium']);
    // Further tokens are requested with backoff: the origin may accept one later.
    const failures = events.filter((event) => event === 'secure-token-failed:token-rejected');
    expect(failures).to.have.length.within(1, 3);
    expect(events.filter((event) => event.startsWith('secure-error'))).to.deep.equal([]);
  });

  it('reports one error when every entry is refused', async () => {
    await setFaults({ media: { reject: NAMES.map((name) => `demo-${name}`) } });
    const { player, events } = mountEntries(threeEntries());
    const { error } = await nextEvent(player, 'secure-error');
    expect(error.code).to.equal('token-rejected');
    await pause(1500);
    expect(events.filter((event) => event.startsWith('secure-error'))).to.have.length(1);
  });
});
