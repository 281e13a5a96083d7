import { expect } from 'chai';
import { openMediaOrigin } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor, until, type PlayerFixture } from './support/player-fixture.js';

/** A form of test/doubles/token-addresses.ts: placement of the token, and the file to begin with. */
const FORMS = {
  raw: ['query:hdnts', 'demo-low.m3u8'],
  redirect: ['path:/{token}{path}', 'old/demo-low.m3u8'],
  named: ['path:/{token}{path}', 'demo-low.m3u8'],
  foreign: ['query:token', 'demo-low.m3u8'],
  defined: ['query:token', 'demo-low.m3u8'],
  session: ['query:token', 'index.m3u8'],
  'hidden-query': ['query:token', 'demo-low.m3u8'],
  'hidden-header': ['header', 'demo-low.m3u8'],
} as const;
type Form = keyof typeof FORMS;

let reader = '';
let serial = 0;

function mount(form: Form, engine = 'hls'): PlayerFixture {
  const [placement, file] = FORMS[form];
  return mountPlayer({
    src: `${openMediaOrigin()}/addresses/${reader}/${form}/${file}`,
    engine,
    attributes: { 'token-placement': placement },
    prepare: (player) => {
      player.removeAttribute('token-url');
      player.tokenSource = async () => ({
        token: `st=${String((serial += 1))}~acl=/live/*~hmac=ab`,
        expiresAt: Math.floor(Date.now() / 1000) + 600,
      });
    },
  });
}

async function play({ player }: PlayerFixture): Promise<void> {
  if (player.currentTime === 0) await nextEvent(player, 'playing');
  await playFor(player, 1);
}

const change = (changes: object): Promise<Response> =>
  fetch(`${openMediaOrigin()}/addresses/${reader}`, { method: 'POST', body: JSON.stringify(changes) });

async function faults(): Promise<readonly string[]> {
  const state = (await (await fetch(`${openMediaOrigin()}/addresses/${reader}`)).json()) as {
    faults: readonly string[];
  };
  return state.faults;
}

describe('the addresses of an origin that compares them byte for byte', () => {
  beforeEach(() => {
    reader = crypto.randomUUID();
  });
  afterEach(cleanPage);

  it('have each token once, as it was issued, and keep the tokens of others', async () => {
    const forms = ['raw', 'redirect', 'named', 'foreign', 'defined'] as const;
    await Promise.all(forms.map((form) => play(mount(form))));
    expect(await faults()).to.deep.equal([]);
  });

  it('have each token once for the browser’s own HLS player', async function () {
    skipUnless('native hls', this);
    const forms = ['redirect', 'named'] as const;
    await Promise.all(forms.map((form) => play(mount(form, 'native'))));
    expect(await faults()).to.deep.equal([]);
  });

  it('are fresh after a refusal that the browser hides, and after the end of a session', async () => {
    const forms = ['session', 'hidden-query', 'hidden-header'] as const;
    const fixtures = forms.map((form) => mount(form));
    await Promise.all(fixtures.map(play));
    await change({ refused: serial, session: 2 });
    for (const { events } of fixtures)
      await until(() => events.includes('secure-token-refreshed:rejected'), 'a new token');
    await Promise.all(fixtures.map(({ player }) => playFor(player, 2)));
    const failures = fixtures.flatMap(({ events }) => events.filter((event) => /failed|error/.test(event)));
    expect(failures).to.deep.equal([]);
    // hls.js would take segments with another session in their names for another stream.
    for (const { player } of fixtures)
      expect(JSON.stringify(player.diagnostics())).not.to.include('encoder-restarted');
    // Each had an old token once, and the session an old address as well.
    const after = await faults();
    for (const form of forms)
      expect(after.filter((fault) => fault.startsWith(`${form}/`)).length, form).to.be.within(1, 3);
  });
});
