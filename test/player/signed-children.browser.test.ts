import { expect } from 'chai';
import { openMediaOrigin } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor, until, type PlayerFixture } from './support/player-fixture.js';

/** Seconds that each signed address is valid. */
const LIFE_S = 3;
let reader = '';

/** A player of test/doubles/signed-children.ts, whose entry is signed by a backend. */
function mount(form: string): PlayerFixture {
  const base = `${openMediaOrigin()}/signed/${reader}/${form}`;
  return mountPlayer({
    src: `${base}/index.m3u8`,
    engine: 'hls',
    prepare: (player) => {
      player.removeAttribute('token-url');
      player.tokenSource = async ({ streams }) => {
        const { url } = (await (await fetch(`${base}?life=${String(LIFE_S)}`)).json()) as { url: string };
        return { tokens: streams.map((stream) => ({ stream, url })) };
      };
    },
  });
}

async function state(): Promise<{ faults: readonly string[]; requests: number }> {
  const response = await fetch(`${openMediaOrigin()}/signed/${reader}`);
  return (await response.json()) as { faults: readonly string[]; requests: number };
}

describe('a stream whose playlists sign what they name', () => {
  beforeEach(() => {
    reader = crypto.randomUUID();
  });
  afterEach(cleanPage);

  it('plays on over the ends of all addresses, live and recorded, in each rendition', async function () {
    skipUnless('emulate media', this);
    await playEach(['live', 'vod']);
  });

  it('plays on if the signatures are in variables of the playlists', async function () {
    skipUnless('emulate media', this);
    await playEach(['defined-live', 'defined-vod']);
  });

  async function playEach(forms: readonly string[]): Promise<void> {
    const reloads: string[] = [];
    const fixtures = forms.map(mount);
    await Promise.all(
      fixtures.map(async ({ player }) => {
        await nextEvent(player, 'playing');
        for (const type of ['emptied', 'seeking']) player.addEventListener(type, () => reloads.push(type));
        for (const index of [0, 2, 1]) {
          player.switchEntry(index);
          await until(() => player.activeEntry?.index === index, `rendition ${String(index)}`);
        }
        await playFor(player, 2);
      }),
    );
    const { faults, requests } = await state();
    expect(requests).to.be.greaterThan(20);
    // A browser that waits for the processor sends some too late; they are repeated. Tests with an injected time allow none.
    expect(faults.filter((fault) => !fault.endsWith(': ended'))).to.deep.equal([]);
    expect(reloads).to.deep.equal([]);
    for (const { events, player } of fixtures) {
      expect(events.filter((event) => /failed|error/.test(event))).to.deep.equal([]);
      expect(JSON.stringify(player.diagnostics())).not.to.match(/sig=[\da-f]{32}|encoder-restarted/);
    }
  }
});
