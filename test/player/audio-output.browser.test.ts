import type { SecurePlayer } from '@gatecast/player';
import { expect } from 'chai';
import { accessibilityViolations } from '../support/accessibility.js';
import { backendOrigin } from '../support/backend.js';
import { focusedIn } from '../support/focus-walk.js';
import { pressKey } from '../support/press-keys.js';
import { skipUnless } from '../support/skip-unless.js';
import { cleanPage } from './support/clean-page.js';
import { until } from './support/player-fixture.js';
import { inSkin, mountWithSkin } from './support/skin-fixture.js';

const row = (player: SecurePlayer): HTMLElement | null => inSkin(player, '[part~="speaker-item"]');
const menu = (player: SecurePlayer): HTMLElement | null =>
  row(player)?.querySelector('media-chrome-menu') ?? null;
const items = (player: SecurePlayer): HTMLElement[] => [
  ...(menu(player)?.querySelectorAll<HTMLElement>('media-chrome-menu-item') ?? []),
];
const checked = (player: SecurePlayer): string[] =>
  items(player)
    .filter((item) => item.getAttribute('aria-checked') === 'true')
    .map(({ textContent }) => textContent);
const current = (player: SecurePlayer): string | null | undefined =>
  row(player)?.shadowRoot?.querySelector('[name="description"]')?.textContent;

describe('the menu of audio devices', () => {
  before(function () {
    skipUnless('audio outputs', this);
  });
  afterEach(cleanPage);

  it('plays on the device that is chosen with the keys, and keeps it through a change of the source', async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    for (const track of stream.getTracks()) track.stop();
    const events: string[] = [];
    const player = await mountWithSkin();
    player.addEventListener('secure-audio-output-changed', ({ label }) => events.push(label));
    await until(() => row(player)?.hidden === false, 'the row');
    const [, first] = await player.selectAudioOutput();
    expect(checked(player)).to.deep.equal(['Default']);

    inSkin(player, 'media-settings-menu-button')?.click();
    const settings = inSkin(player, 'media-settings-menu');
    await until(() => settings?.contains(focusedIn(player)) === true, 'the settings');
    row(player)?.click();
    await until(() => menu(player)?.hidden === false, 'the devices');
    await until(() => getComputedStyle(menu(player) ?? player).opacity === '1', 'the end of its transition');
    expect(await accessibilityViolations(player)).to.deep.equal([]);
    items(player)[0]?.focus();
    await pressKey('ArrowDown');
    await pressKey('ArrowDown');
    await pressKey('Enter');
    await until(() => player.sinkId === first?.deviceId, 'the device');
    expect(player.audioOutput).to.equal(first?.deviceId);
    await until(() => checked(player).join() === first?.label, 'its mark');
    expect(current(player)).to.equal(first?.label);

    await player.updateSource({ entries: [{ index: 0, hls: `${backendOrigin()}/live/demo-low.m3u8` }] });
    expect(player.sinkId).to.equal(first?.deviceId);
    player.audioOutput = 'unknown';
    await until(() => events.length === 2, 'the notice');
    expect(events).to.deep.equal([first?.label, '']);
    await until(() => checked(player).join() === 'Default', 'the default');
    const log = JSON.stringify(player.diagnostics());
    expect(log)
      .to.include('device-not-found')
      .and.not.include(first?.label ?? '?');
  });
});
