import type { SecurePlayer } from '@gatecast/player';
import { emulateMedia } from '@web/test-runner-commands';
import { expect } from 'chai';
import { hasFeature } from '../support/feature.js';
import { focusedIn, surround, tabTo, takeFocus, walkFocus } from '../support/focus-walk.js';
import { pressKey, pressShiftTab } from '../support/press-keys.js';
import { cleanPage } from './support/clean-page.js';
import { playFor, until } from './support/player-fixture.js';
import { inSkin, mountWithSkin, skinOf } from './support/skin-fixture.js';

/** Every control of the skin that a person can press or move. */
const CONTROLS = [
  '[part~="center-play"]',
  '[part~="play-button"]',
  'media-mute-button',
  'media-volume-range',
  'media-live-button',
  'media-time-display',
  'media-time-range',
  'media-cast-button',
  'media-airplay-button',
  'media-settings-menu-button',
  'media-pip-button',
  'media-fullscreen-button',
];

const nameOf = (element: Element): string =>
  `${element.localName} ${element.getAttribute('part') ?? ''}`.trim();

const shownControls = (player: SecurePlayer): Element[] =>
  CONTROLS.map((selector) => inSkin(player, selector)).filter(
    (control): control is HTMLElement =>
      control?.checkVisibility({ visibilityProperty: true }) === true && !control.hasAttribute('disabled'),
  );

const reach = (player: SecurePlayer, selector: string): Promise<Element> =>
  tabTo(player, selector, (focused) => focused.matches(selector));

describe('the keyboard in the skin of <secure-player>', () => {
  afterEach(async () => {
    for (const button of document.querySelectorAll('body > button')) button.remove();
    await cleanPage();
  });

  it('reaches every control with Tab, and with Shift and Tab in the other direction', async () => {
    const player = await mountWithSkin();
    await playFor(player, 0.5);
    await until(() => inSkin(player, 'media-live-button')?.hasAttribute('mediatimeislive') === true, 'live');
    const { before, after } = surround(player);
    const isControl = (element: Element): boolean => element !== skinOf(player);
    const expected = shownControls(player);
    expect(expected.length).to.be.greaterThan(6);
    await takeFocus(before);
    const forwards = await walkFocus(player, () => pressKey('Tab'));
    expect(document.activeElement, 'after the last control').to.equal(after);
    expect(forwards.filter(isControl).map(nameOf)).to.have.members(expected.map(nameOf));
    const backwards = await walkFocus(player, pressShiftTab);
    expect(document.activeElement, 'before the first control').to.equal(before);
    expect(backwards.map(nameOf)).to.deep.equal(forwards.map(nameOf).reverse());
  });

  it('lets each control be used with keys', async () => {
    const player = await mountWithSkin();
    await playFor(player, 0.5);
    const { before } = surround(player);
    const requests: string[] = [];
    for (const type of ['mediaenterfullscreenrequest', 'mediaenterpiprequest', 'mediaseektoliverequest'])
      player.addEventListener(
        type,
        (event) => {
          requests.push(type);
          // A test cannot leave the full screen of every engine: stopped before it reaches the skin.
          event.stopImmediatePropagation();
        },
        { capture: true },
      );
    await takeFocus(before);

    await reach(player, '[part~="play-button"]');
    await pressKey('Enter');
    await until(() => player.paused, 'a pause');
    // The large button is shown in a pause.
    await takeFocus(before);
    await reach(player, '[part~="center-play"]');
    await pressKey('Enter');
    await until(() => !player.paused, 'playback');

    await takeFocus(before);
    await reach(player, 'media-mute-button');
    await pressKey('Enter');
    await until(() => !player.muted, 'sound');
    await pressKey('Enter');
    await until(() => player.muted, 'silence');

    player.volume = 0.5;
    await reach(player, 'media-volume-range');
    await pressKey('ArrowRight');
    await until(() => Math.abs(player.volume - 0.55) < 0.001, 'a louder volume');
    player.muted = true;

    // In a pause the distance to live only grows.
    player.pause();
    await takeFocus(before);
    await reach(player, 'media-time-range');
    const position = player.currentTime;
    await pressKey('ArrowLeft');
    await until(() => player.currentTime < position, 'an earlier position');
    const live = await reach(player, 'media-live-button');
    await until(() => !live.hasAttribute('mediatimeislive'), 'the distance to live');
    await pressKey('Enter');
    await until(() => requests.includes('mediaseektoliverequest'), 'the live edge to be requested');

    await reach(player, 'media-settings-menu-button');
    await pressKey('Enter');
    const menu = inSkin(player, 'media-settings-menu');
    await until(() => menu?.hidden === false, 'the menu');
    await until(() => menu?.contains(focusedIn(player)) === true, 'the focus in the menu');
    await pressKey('Escape');
    await until(() => menu?.hidden === true, 'the menu to close');
    await until(() => focusedIn(player)?.localName === 'media-settings-menu-button', 'the focus to return');

    for (const [selector, request] of [
      ['media-pip-button', 'mediaenterpiprequest'],
      ['media-fullscreen-button', 'mediaenterfullscreenrequest'],
    ] as const) {
      if (!shownControls(player).some((control) => control.matches(selector))) continue;
      await reach(player, selector);
      await pressKey('Enter');
      await until(() => requests.includes(request), request);
    }
  });

  const chooseSpeed = async (player: SecurePlayer): Promise<void> => {
    const { before } = surround(player);
    await takeFocus(before);
    await reach(player, 'media-settings-menu-button');
    await pressKey('Enter');
    await until(() => focusedIn(player)?.localName === 'media-settings-menu-item', 'the focus in the menu');
    const isSpeed = () => focusedIn(player)?.textContent.startsWith('Speed') === true;
    for (let steps = 0; steps < 3 && !isSpeed(); steps += 1) await pressKey('ArrowDown');
    expect(isSpeed(), 'the item for the speed').to.equal(true);
    await pressKey('Enter');
    const speeds = inSkin(player, 'media-playback-rate-menu');
    await until(() => focusedIn(player) === speeds, 'the focus in the second menu');
    await pressKey('End');
    await pressKey('Enter');
    await until(() => player.playbackRate === 2, 'the chosen speed');
  };

  it('opens the menus and chooses in them', async () => {
    await chooseSpeed(await mountWithSkin({ src: '/live/demo-vod.m3u8' }));
  });

  if (hasFeature('emulate media')) {
    it('opens the menus and chooses in them without motion', async () => {
      await emulateMedia({ reducedMotion: 'reduce' });
      await chooseSpeed(await mountWithSkin({ src: '/live/demo-vod.m3u8' }));
      await emulateMedia({ reducedMotion: 'no-preference' });
    });
  }
});
