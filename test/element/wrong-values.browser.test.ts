import '@gatecast/player/define';
import '@gatecast/webcaster/define';
import { expect } from 'chai';
import { cleanPage } from '../player/support/clean-page.js';
import { mountPlayer, nextEvent, playFor, until } from '../player/support/player-fixture.js';
import { mountWebcaster, rejection, unmountAll } from '../webcaster/support/webcaster-fixture.js';

/** The warnings in the console during a test. */
function listen(): { warnings: string[]; stop: () => void } {
  const warnings: string[] = [];
  const { warn } = console;
  console.warn = (...values: unknown[]) => void warnings.push(values.join(' '));
  return { warnings, stop: () => void (console.warn = warn) };
}

describe('a value that an attribute does not have', () => {
  afterEach(cleanPage);

  it('of engine: viewers read no word about their browser, and the console names the nearest', async () => {
    const { warnings, stop } = listen();
    const { player } = mountPlayer({ engine: 'hlsjs' });
    const { error } = await nextEvent(player, 'secure-error');
    expect(error.code).to.equal('option-invalid');
    const textOf = () => player.shadowRoot?.querySelector('[part="error"] p')?.textContent ?? '';
    await until(() => textOf() !== '', 'the text for the viewer');
    stop();
    expect(textOf())
      .to.contain('not set up')
      .and.not.match(/browser|chrome/i);
    expect(warnings.filter((text) => text.includes('engine'))).to.have.length(1);
    expect(warnings.join()).to.contain('Did you mean "hls"?');
  });

  it('of an attribute with a default: plays, and the console names the nearest', async () => {
    const { warnings, stop } = listen();
    const attributes = { preload: 'metdata', 'live-catch-up': 'sped', 'refresh-mode': 'deferrd' };
    const { player } = mountPlayer({ attributes });
    await playFor(player, 1);
    await until(() => warnings.length >= 3, 'the warnings');
    stop();
    for (const meant of ['metadata', 'speed', 'deferred'])
      expect(warnings.filter((text) => text.includes(`Did you mean "${meant}"?`))).to.have.length(1);
  });

  it('of a boolean attribute: it is set, and the console names it', async () => {
    const { warnings, stop } = listen();
    const { player } = mountPlayer({ attributes: { muted: 'false', loop: 'false' } });
    const { webcaster } = mountWebcaster({ controls: 'false' });
    expect(player.muted).to.equal(true);
    const said = (attribute: string) =>
      warnings.filter((text) => text.includes(`The attribute ${attribute} is set: its value "false"`)).length;
    await until(() => said('muted') + said('loop') + said('controls') >= 3, 'the warnings');
    stop();
    expect([said('muted'), said('loop'), said('controls')]).to.deep.equal([1, 1, 1]);
    player.remove();
    webcaster.remove();
    await unmountAll();
  });

  it('of the webcaster: nothing is captured or sent', async () => {
    const { webcaster, events } = mountWebcaster({ capture: 'sceen' });
    const errors = [await rejection(webcaster.startPreview()), await rejection(webcaster.startBroadcast())];
    for (const { code, hint } of errors) {
      expect(code).to.equal('settings-invalid');
      expect(hint).to.contain('Did you mean "screen"?');
    }
    expect(events).not.to.include('secure-token-refreshed');
    await unmountAll();
  });
});
