import { setPlayerMessages, type SecurePlayer } from '@gatecast/player';
import { expect } from 'chai';
import { lazyPart } from '@gatecast/token';
import { messagesAr } from '../../packages/player/src/messages/messages-ar.js';
import { messagesEn } from '../../packages/player/src/messages/messages-en.js';
import { PlayerTexts } from '../../packages/player/src/messages/player-texts.js';
import { accessibilityViolations } from '../support/accessibility.js';
import { setFaults } from '../support/backend.js';
import { shownTexts } from '../support/shown-texts.js';
import { cleanPage } from './support/clean-page.js';
import { nextEvent, playFor, until } from './support/player-fixture.js';
import { inSkin, mountWithSkin, skinOf } from './support/skin-fixture.js';

/** The languages whose texts the page has requested. */
const loadedLanguages = (): string[] =>
  performance
    .getEntriesByType('resource')
    .map(({ name }) => /\/messages-(\w\w)[.-]/.exec(name)?.[1] ?? 'en')
    .filter((language) => language !== 'en');

const boxIn = (player: SecurePlayer, selector: string): DOMRect => {
  const element = inSkin(player, selector);
  if (!element) throw new Error(`There is no ${selector}.`);
  return element.getBoundingClientRect();
};

const isOpen = (player: SecurePlayer, menu: string) => () => inSkin(player, menu)?.hidden === false;

/**
 * Until the end of the test. In a narrow player, media-chrome fits a menu of several rows in two steps, which the browser reports
 * as an error of the page.
 */
function hideAudioDevices(): void {
  const value = (): Promise<MediaDeviceInfo[]> => Promise.resolve([]);
  Object.defineProperty(navigator.mediaDevices, 'enumerateDevices', { configurable: true, value });
}

describe('the languages of the skin', () => {
  afterEach(cleanPage);
  afterEach(() => Reflect.deleteProperty(navigator.mediaDevices, 'enumerateDevices'));

  // First in this file, and without the texts of Arabic, which this file imports itself.
  it('loads only the language of the page, and changes it with the page', async () => {
    // The browser keeps a limited number of entries.
    performance.clearResourceTimings();
    const player = await mountWithSkin({ attributes: { lang: 'es-MX' } });
    const label = () => inSkin(player, 'media-fullscreen-button')?.getAttribute('aria-label');
    expect(label()).to.equal('Pantalla completa');
    expect(loadedLanguages()).to.deep.equal(['es']);
    player.lang = 'ja';
    await until(() => label() === '全画面表示', 'Japanese');
    setPlayerMessages('ja', { enterFullscreen: '大きく' });
    expect(label()).to.equal('大きく');
    setPlayerMessages('ja', {});
    expect(label()).to.equal('全画面表示');
    player.removeAttribute('lang');
    document.documentElement.lang = 'es';
    await until(() => label() === 'Pantalla completa', 'the language of the page');
    document.documentElement.lang = 'en';
  });

  for (const width of [390, 1280]) {
    it(`is mirrored in Arabic, except for the time axis, at a width of ${String(width)}`, async () => {
      hideAudioDevices();
      const player = await mountWithSkin({
        src: '/live/demo-vod.m3u8',
        attributes: { lang: 'ar' },
        prepare: (element) => {
          element.style.width = `${String(width)}px`;
        },
      });
      await playFor(player, 0.5);
      expect(getComputedStyle(player).direction, 'the page').to.equal('ltr');
      const [play, full, stage] = [
        boxIn(player, '[part~="play-button"]'),
        boxIn(player, 'media-fullscreen-button'),
        player.getBoundingClientRect(),
      ];
      expect(stage.right - play.right, 'the play button').to.be.lessThan(30);
      expect(full.left - stage.left, 'the full-screen button').to.be.lessThan(30);
      for (const selector of ['media-time-range', 'media-time-display'])
        expect(getComputedStyle(inSkin(player, selector) ?? player).direction, selector).to.equal('ltr');

      inSkin(player, 'media-settings-menu-button')?.click();
      await until(isOpen(player, 'media-settings-menu'), 'the menu');
      const menu = boxIn(player, 'media-settings-menu');
      expect(menu.left).to.be.at.least(stage.left);
      expect(menu.right).to.be.at.most(stage.right);
      expect(menu.top).to.be.at.least(stage.top);
      expect(menu.left - stage.left, 'it opens on the left').to.be.lessThan(width === 390 ? 120 : 320);
      expect(getComputedStyle(inSkin(player, 'media-settings-menu') ?? player).direction).to.equal('rtl');
      expect(await accessibilityViolations(player)).to.deep.equal([]);
      const texts = shownTexts(skinOf(player) ?? player);
      expect(texts).to.include(messagesAr.speed).and.include(messagesAr.pause);
      expect(
        texts.filter((text) => /\b(?:play|time|back|menu|of|seek|second|minute)s?\b/i.test(text)),
      ).to.deep.equal([]);
    });
  }

  it('seeks with the arrow keys in the direction in which they point', async () => {
    const player = await mountWithSkin({ src: '/live/demo-vod.m3u8', attributes: { lang: 'ar' } });
    await playFor(player, 0.3);
    player.pause();
    player.currentTime = 20;
    await until(() => !player.seeking, 'the position');
    skinOf(player)?.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, composed: true }),
    );
    await until(() => Math.abs(player.currentTime - 25) < 1, 'five seconds on');
  });

  it('has the direction of the page where the page gives one', async () => {
    const player = await mountWithSkin({ attributes: { lang: 'ar', dir: 'ltr' } });
    expect(getComputedStyle(skinOf(player) ?? player).direction).to.equal('ltr');
    player.removeAttribute('lang');
    player.dir = 'rtl';
    await until(() => getComputedStyle(skinOf(player) ?? player).direction === 'rtl', 'the direction of dir');
  });

  it('shows the error panel in Arabic, from right to left', async () => {
    const player = await mountWithSkin({ attributes: { lang: 'ar' } });
    await setFaults({ media: { reject: 'demo-low' } });
    await nextEvent(player, 'secure-error');
    const panel = () => player.shadowRoot?.querySelector<HTMLElement>('[part="error"]') ?? null;
    await until(() => panel() !== null, 'the panel');
    expect(panel()?.dir).to.equal('rtl');
    expect(panel()?.textContent).to.include(messagesAr.tryAgain);
    expect(await accessibilityViolations(player)).to.deep.equal([]);
  });

  it('are English while a language cannot be loaded', async () => {
    const element = document.createElement('div');
    element.lang = 'ar-EG';
    let failures = 2;
    const part = lazyPart('messagesAr', () =>
      failures-- > 0 ? Promise.reject(new TypeError('No network.')) : Promise.resolve(messagesAr),
    );
    const shown: string[] = [];
    const entries: string[] = [];
    const log = { add: (type: string) => void entries.push(type) };
    const texts = new PlayerTexts(
      element,
      log,
      () => void shown.push(texts.messages.play),
      new Map([['ar', part]]),
    );
    texts.update();
    await texts.ready;
    expect(shown).to.deep.equal([messagesEn.play]);
    await until(() => shown.length > 1, 'the language');
    expect(shown).to.deep.equal([messagesEn.play, messagesAr.play]);
    expect(entries).to.deep.equal(['part-failed', 'part-failed']);
    texts.stop();
    setPlayerMessages('ar', { play: 'x' });
    setPlayerMessages('ar', {});
    expect(shown).to.have.length(2);
  });
});
