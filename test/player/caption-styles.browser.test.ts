import type { SecurePlayer } from '@gatecast/player';
import { expect } from 'chai';
import { captionPreferences } from '../../packages/player/src/overlay/skin/captions/caption-preferences.js';
import { messagesAr } from '../../packages/player/src/messages/messages-ar.js';
import { accessibilityViolations } from '../support/accessibility.js';
import { focusedIn, surround, tabTo, takeFocus } from '../support/focus-walk.js';
import { pressKey } from '../support/press-keys.js';
import { shownTexts } from '../support/shown-texts.js';
import { cleanPage } from './support/clean-page.js';
import { playFor, until } from './support/player-fixture.js';
import { inSkin, menuItems, mountWithSkin, skinOf } from './support/skin-fixture.js';

const panelOf = (player: SecurePlayer): HTMLElement | null => inSkin(player, '[part="captions-panel"]');

const entryOf = (player: SecurePlayer): HTMLElement | undefined =>
  menuItems(player, 'media-captions-menu').find((item) => item.part.contains('caption-style'));

/** The declarations for captions, as the engine has understood them. */
const cueStyle = (player: SecurePlayer): CSSStyleDeclaration | undefined =>
  [...(player.shadowRoot?.querySelectorAll('style') ?? [])]
    .flatMap(({ sheet }) => [...(sheet?.cssRules ?? [])])
    .filter((rule): rule is CSSStyleRule => 'selectorText' in rule)
    .find(({ selectorText }) => selectorText.includes('::cue'))?.style;

const chooseIn = (player: SecurePlayer, index: number, value: string): void => {
  const select = panelOf(player)?.querySelectorAll('select')[index];
  if (!select) throw new Error('There is no such choice.');
  select.value = value;
  select.dispatchEvent(new Event('input', { bubbles: true }));
};

/** A player with captions, with two tracks. */
const mountWithCaptions = async (
  attributes: Record<string, string> = {},
  width = 720,
): Promise<SecurePlayer> => {
  const player = await mountWithSkin({
    src: '/live/demo-subs.m3u8',
    attributes,
    prepare: (element) => {
      element.style.width = `${String(width)}px`;
    },
  });
  await until(() => menuItems(player, 'media-captions-menu').length === 3, 'off, English and the style');
  return player;
};

describe('the style of captions in the skin', () => {
  afterEach(async () => {
    for (const button of document.querySelectorAll('body > button')) button.remove();
    captionPreferences.reset();
    await cleanPage();
  });

  it('is above the control bar while that is visible, apart from cues with a place of their own', async () => {
    const player = await mountWithCaptions();
    const video = player.shadowRoot?.querySelector('video');
    const track = video?.addTextTrack('captions', 'Test');
    const [usual, placed] = [new VTTCue(0, 1e6, 'two\nlines'), new VTTCue(0, 1e6, 'at the top')];
    placed.line = 1;
    track?.addCue(usual);
    track?.addCue(placed);
    if (track) track.mode = 'showing';
    const controller = skinOf(player);
    controller?.dispatchEvent(new PointerEvent('pointermove', { pointerType: 'mouse' }));
    await until(() => usual.line !== 'auto', 'the cue above the bar');
    expect(usual.line).to.be.below(-3);
    await until(() => controller?.hasAttribute('userinactive') === true, 'the bar to hide');
    await until(() => usual.line === 'auto', 'the cue at its place');
    player.pause();
    await until(() => usual.line !== 'auto', 'the cue above the bar of a paused player');
    player.remove();
    await until(() => usual.line === 'auto', 'the cue at its place after the player has gone');
    expect(placed.line).to.equal(1);
  });

  it('is chosen with the keyboard alone, and the focus returns', async () => {
    const player = await mountWithCaptions();
    await playFor(player, 0.3);
    await takeFocus(surround(player).before);
    await tabTo(player, 'the settings', (focused) => focused.matches('media-settings-menu-button'));
    await pressKey('Enter');
    await until(() => focusedIn(player)?.localName === 'media-settings-menu-item', 'the focus in the menu');
    const isCaptions = () => focusedIn(player)?.textContent.startsWith('Captions') === true;
    for (let steps = 0; steps < 5 && !isCaptions(); steps += 1) await pressKey('ArrowDown');
    await pressKey('Enter');
    const menu = inSkin(player, 'media-captions-menu');
    await until(() => menu?.shadowRoot?.activeElement != null, 'the focus in the captions menu');
    await pressKey('End');
    await until(() => menu?.shadowRoot?.activeElement === entryOf(player), 'the focus on the entry');
    await pressKey('Enter');
    const panel = panelOf(player);
    await until(() => panel?.hidden === false && panel.contains(focusedIn(player)), 'the focus in the panel');
    expect(inSkin(player, 'media-settings-menu')?.hidden).to.equal(true);
    expect(cueStyle(player), 'before a choice').to.equal(undefined);
    await pressKey('ArrowDown');
    await until(() => cueStyle(player)?.fontSize === '10.13px', 'half of the usual size');
    await pressKey('Tab');
    await pressKey('ArrowDown');
    await until(() => cueStyle(player)?.color === 'rgb(255, 255, 255)', 'white');
    await pressKey('Escape');
    await until(() => panel?.hidden === true, 'the panel to close');
    expect(focusedIn(player)?.localName).to.equal('media-settings-menu-button');
    expect(player.paused).to.equal(false);
  });

  it('has a size, colours, an opacity and an edge in all players of the page, until it is reset', async () => {
    const player = await mountWithCaptions();
    entryOf(player)?.click();
    await until(() => panelOf(player)?.hidden === false, 'the panel');
    for (const [index, value] of ['150', 'yellow', 'blue', '50', 'outline'].entries())
      chooseIn(player, index, value);
    const other = await mountWithSkin({ src: '/live/demo-vod.m3u8' });
    for (const each of [player, other]) {
      const style = cueStyle(each);
      expect(style?.color).to.equal('rgb(255, 255, 0)');
      expect(style?.backgroundColor).to.equal('rgba(0, 0, 255, 0.5)');
      expect(style?.textShadow).to.contain('0.06em');
    }
    expect(cueStyle(player)?.fontSize).to.equal('30.38px');
    player.style.width = '1280px';
    await until(() => cueStyle(player)?.fontSize === '54px', 'text that is larger with the picture');
    const sample = panelOf(player)?.querySelector<HTMLElement>('.sample span');
    expect(sample?.style.color).to.equal('rgb(255, 255, 0)');
    expect(localStorage.getItem('gatecast-captions')).to.contain('"edge":"outline"');
    panelOf(player)?.querySelector<HTMLElement>('[part="captions-reset"]')?.click();
    expect([cueStyle(player), cueStyle(other)]).to.deep.equal([undefined, undefined]);
    expect(panelOf(player)?.querySelector('select')?.value).to.equal('');
    expect(localStorage.getItem('gatecast-captions')).to.equal(null);
    panelOf(player)?.querySelector<HTMLElement>('[part="captions-close"]')?.click();
    expect(panelOf(player)?.hidden).to.equal(true);
  });

  it('keeps its entry with other tracks, and closes with a press elsewhere; its keys are its own', async () => {
    const player = await mountWithCaptions();
    await playFor(player, 0.3);
    player.addTextTrack('subtitles', 'Deutsch', 'de');
    await until(() => menuItems(player, 'media-captions-menu').length === 4, 'the other track');
    expect(menuItems(player, 'media-captions-menu').at(-1)).to.equal(entryOf(player));
    entryOf(player)?.click();
    const reset = panelOf(player)?.querySelector<HTMLElement>('[part="captions-reset"]');
    reset?.dispatchEvent(new KeyboardEvent('keydown', { key: 'm', bubbles: true, composed: true }));
    expect(player.muted).to.equal(true);
    reset?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true }));
    expect(panelOf(player)?.hidden).to.equal(false);
    skinOf(player)?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true }));
    expect(panelOf(player)?.hidden).to.equal(true);
    captionPreferences.choose('size', '200');
    player.removeAttribute('controls');
    await until(() => skinOf(player) === null, 'the skin to go');
    expect(cueStyle(player)).to.equal(undefined);
  });

  for (const width of [390, 1280]) {
    it(`fits a player of ${String(width)} pixels in Arabic, from right to left`, async () => {
      const player = await mountWithCaptions({ lang: 'ar' }, width);
      entryOf(player)?.click();
      const panel = panelOf(player);
      if (!panel) throw new Error('There is no panel.');
      const [box, stage] = [panel.getBoundingClientRect(), player.getBoundingClientRect()];
      expect(box.left - stage.left, 'on the left').to.equal(10);
      expect([box.top >= stage.top, box.bottom <= stage.bottom, box.right <= stage.right]).to.deep.equal([
        true,
        true,
        true,
      ]);
      expect(panel.scrollWidth).to.be.at.most(panel.clientWidth);
      const [title, sample] = [panel.querySelector('h2'), panel.querySelector('.sample')];
      expect(title?.getBoundingClientRect().left).to.be.greaterThan(
        sample?.getBoundingClientRect().left ?? 0,
      );
      // A larger player does not fit the window of the browser.
      if (width === 390) {
        const top = player.shadowRoot?.elementFromPoint(box.left + 20, box.bottom - 12) ?? null;
        expect(panel.contains(top), 'over the buttons').to.equal(true);
      }
      expect(await accessibilityViolations(player)).to.deep.equal([]);
      const texts = shownTexts(panel);
      expect(texts).to.include(messagesAr.captionEdge).and.include(messagesAr.captionReset);
      expect(texts.filter((text) => /[a-z]{3}/i.test(text))).to.deep.equal([]);
    });
  }
});
