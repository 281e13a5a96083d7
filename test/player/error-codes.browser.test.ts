import { expect } from 'chai';
import { clearFaults, setFaults } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor, until, type PlayerSetup } from './support/player-fixture.js';

/** Mounts a player that cannot play and gives the code of its error. */
async function codeOf(setup: PlayerSetup): Promise<string> {
  const { player } = mountPlayer(setup);
  const { error } = await nextEvent(player, 'secure-error');
  const findPanel = () => player.shadowRoot?.querySelector('[part="error"]');
  await until(() => findPanel() != null, 'the panel');
  const panel = findPanel();
  expect(panel?.getAttribute('role')).to.equal('alert');
  expect(panel?.textContent).to.contain(error.message).and.to.contain(error.hint);
  expect(error.hint).not.to.equal('');
  expect(player.error?.message).to.equal(error.message);
  return error.code;
}

describe('the code of an error of <secure-player>', () => {
  afterEach(cleanPage);

  it('is typed when there is no source', async () => {
    expect(
      await codeOf({
        prepare: (player) => {
          player.removeAttribute('src');
          player.removeAttribute('token-url');
        },
      }),
    ).to.equal('source-missing');
  });

  it('is typed when the response is not a playlist', async () => {
    expect(await codeOf({ src: '/.well-known/jwks.json' })).to.equal('source-not-hls');
  });

  it('goes away by itself when the origin is well again', async () => {
    await setFaults({ media: { reject: { kind: 'any', status: 503 } } });
    const { player } = mountPlayer({});
    const { error } = await nextEvent(player, 'secure-error');
    expect(error.code).to.equal('source-failed');
    await clearFaults();
    await until(() => player.error === null, 'no error');
    await playFor(player, 1);
    await until(() => player.shadowRoot?.querySelector('[part="error"]') === null, 'the panel is gone');
  });

  it('is a notice instead when the stream has not started and the page waits for it', async () => {
    await setFaults({ media: { reject: { kind: 'any', status: 404 } } });
    const { player, events } = mountPlayer({ attributes: { wait: '' } });
    const awaited = await nextEvent(player, 'secure-stream-awaited');
    expect([awaited.isAwaited, player.isStreamAwaited]).to.deep.equal([true, true]);
    const findPanel = () => player.shadowRoot?.querySelector('[part="waiting"]');
    await until(() => findPanel() != null, 'the notice');
    expect(findPanel()?.getAttribute('role')).to.equal('status');
    await clearFaults();
    await playFor(player, 1);
    await until(() => findPanel() == null, 'the notice is gone');
    expect([player.isStreamAwaited, events.includes('secure-error')]).to.deep.equal([false, false]);
  });

  it('is typed when the token endpoint refuses the viewer', async () => {
    await setFaults({ tokens: { refuse: 'demo-low' } });
    expect(await codeOf({})).to.equal('token-refused');
  });

  it('is typed when the token response has an unknown shape', async () => {
    await setFaults({ tokens: { shape: 'wrong' } });
    expect(await codeOf({})).to.equal('token-response-invalid');
  });

  it('is typed when the token endpoint answers with a web page', async () => {
    await setFaults({ tokens: { shape: 'html' } });
    expect(await codeOf({})).to.equal('token-response-invalid');
  });

  it('is typed when times are in milliseconds', async () => {
    await setFaults({ tokens: { milliseconds: true } });
    expect(await codeOf({})).to.equal('token-time-unit');
  });

  it('is typed when a token has expired on arrival', async () => {
    await setFaults({ tokens: { expired: true } });
    expect(await codeOf({})).to.equal('token-expired');
  });

  it('is typed when the origin refuses a fresh token too', async () => {
    await setFaults({ media: { reject: 'demo-low' } });
    expect(await codeOf({})).to.equal('token-rejected');
  });

  it('is typed when there is no token source', async () => {
    expect(
      await codeOf({
        attributes: { 'token-placement': 'query:token' },
        prepare: (player) => {
          player.removeAttribute('token-url');
        },
      }),
    ).to.equal('token-source-missing');
  });

  it('is typed when an attribute has an invalid value', async () => {
    expect(await codeOf({ attributes: { 'token-placement': 'nowhere' } })).to.equal('option-invalid');
  });

  for (const [attribute, isSourced] of [
    ['src', true],
    ['token-url', true],
    ['token-url', false],
  ] as const) {
    it(`names ${attribute} when it is not a URL, ${isSourced ? 'with' : 'without'} a source, and goes away`, async () => {
      const { player, events } = mountPlayer({
        stream: 'demo-low',
        prepare: (element) => {
          if (!isSourced) element.removeAttribute('src');
        },
      });
      const valid = player.getAttribute(attribute) ?? '';
      player.setAttribute(attribute, 'http://[bad?token=of-an-invalid-address');
      const { error } = await nextEvent(player, 'secure-error');
      expect(error.code).to.equal('option-invalid');
      expect(error.message).to.contain(attribute).and.not.to.contain('[bad');
      player.setAttribute(attribute, valid);
      await until(() => events.includes('secure-token-refreshed:initial'), 'a token');
      expect(player.error?.code).not.to.equal('option-invalid');
    });
  }

  it('is typed when the token endpoint is changed to what is not a URL, and playback goes on', async () => {
    const { player } = mountPlayer({});
    const valid = player.tokenUrl;
    await nextEvent(player, 'playing');
    player.tokenUrl = 'http://[bad';
    const { error } = await nextEvent(player, 'secure-error');
    expect(error.code).to.equal('option-invalid');
    player.tokenUrl = valid;
    await until(() => player.error === null, 'no error');
    await playFor(player, 1);
  });
});
