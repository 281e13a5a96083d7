import { expect } from 'chai';
import { backendOrigin, setFaults } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
import { nextEvent, until } from './support/player-fixture.js';
import { inSkin, menuItems, mountWithSkin, skinOf } from './support/skin-fixture.js';

const valueText = (range: Element | null | undefined): string =>
  range?.shadowRoot?.querySelector('input')?.getAttribute('aria-valuetext') ?? '';

describe('the choices of viewers in the skin', () => {
  afterEach(cleanPage);

  it('are restored when the viewer plays again after an error', async () => {
    const player = await mountWithSkin({ src: '/live/demo.m3u8' });
    await until(() => menuItems(player, 'media-rendition-menu').length === 4, 'the qualities');
    menuItems(player, 'media-rendition-menu')[2]?.click();
    await until(() => player.videoRenditions.selectedIndex === 2, 'the choice');
    await setFaults({ media: { reject: 'demo' } });
    await nextEvent(player, 'secure-error');
    await setFaults({ media: { reject: [] } });
    const replayed: number[] = [];
    player.addEventListener('secure-entry-changed', ({ index }) => replayed.push(index));
    await player.play();
    await until(() => replayed.at(-1) === 2, 'the chosen rendition');
    expect(player.videoRenditions.selectedIndex).to.equal(2);
  });

  it('do not include the automatic one if the source has the rule none', async () => {
    const entry = (name: string, index: number) => ({
      index,
      hls: `${backendOrigin()}/live/demo-${name}.m3u8`,
    });
    const player = await mountWithSkin({
      prepare: (element) => {
        element.source = {
          entries: [entry('high', 0), entry('medium', 1), entry('low', 2)],
          options: { adaption: { rule: 'none' } },
          startIndex: 1,
        };
      },
    });
    await until(() => menuItems(player, 'media-rendition-menu').length === 3, 'the entries without "Auto"');
    await until(() => player.videoRenditions.selectedIndex === 1, 'what plays to be what is chosen');
    menuItems(player, 'media-rendition-menu')[2]?.click();
    await until(() => player.activeEntry?.index === 2, 'the rendition');
    const values = menuItems(player, 'media-rendition-menu').map((item) => item.getAttribute('value'));
    expect(values).to.deep.equal(['0', '1', '2']);
    player.videoRenditions.selectedIndex = -1;
    await until(() => player.videoRenditions.selectedIndex === 2, 'the choice to stay');
  });

  it('include which captions are shown', async () => {
    const player = await mountWithSkin({ src: '/live/demo-subs.m3u8' });
    const menu = 'media-captions-menu';
    // The last one is for their style.
    await until(() => menuItems(player, menu).length === 3, 'off and English');
    const shown = () => [...player.textTracks].filter(({ mode }) => mode === 'showing').length;
    const [off, english] = menuItems(player, menu);
    english?.click();
    await until(() => shown() === 1, 'captions');
    off?.click();
    await until(() => shown() === 0, 'no captions');
    skinOf(player)?.dispatchEvent(new KeyboardEvent('keydown', { key: 'c', bubbles: true, composed: true }));
    await until(() => shown() === 1, 'captions by their key');
    // Another engine for the same source, as after a change from WHEP and back.
    player.load();
    expect(shown()).to.equal(0);
    await until(() => shown() === 1, 'captions of the next engine');
  });
});

describe('the texts of the skin', () => {
  afterEach(cleanPage);

  it('are in the language of each player, and give the distance to live in words', async () => {
    const german = await mountWithSkin({ attributes: { lang: 'de' } });
    const english = await mountWithSkin({ attributes: { lang: 'en' } });
    const labels = () =>
      [german, english].map((player) => inSkin(player, 'media-mute-button')?.getAttribute('aria-label'));
    await until(() => labels().join() === 'Ton einschalten,Unmute', 'both to be muted');
    german.muted = english.muted = false;
    await until(() => labels().join() === 'Ton ausschalten,Mute', 'each in its language');
    english.remove();
    const bar = inSkin(german, 'media-time-range');
    german.muted = true;
    await german.play();
    await until(() => valueText(bar) === 'Live', 'the live edge');
    german.pause();
    german.currentTime = german.seekable.start(0);
    await until(() => /^\d+ Sekunden hinter der Live-Position$/.test(valueText(bar)), 'the distance');
    expect(inSkin(german, 'media-live-button')?.getAttribute('aria-description')).to.match(/Sekunden/);
  });

  it('have the direction of their language, with an error for viewers and details for the operator', async () => {
    const player = await mountWithSkin({ src: '/live/demo.m3u8', attributes: { lang: 'de' } });
    player.style.width = '720px';
    const menu = inSkin(player, 'media-rendition-menu');
    const item = inSkin(player, 'media-settings-menu-item');
    await until(() => item?.hidden === false, 'a choice of qualities');
    inSkin(player, 'media-settings-menu-button')?.click();
    await until(() => inSkin(player, 'media-settings-menu')?.hidden === false, 'the menu');
    item?.click();
    await until(() => menu?.hidden === false, 'the qualities');
    const turns = () =>
      [item?.shadowRoot?.querySelector('[part="chevron"]'), menu?.shadowRoot?.querySelector('svg')].map(
        (icon) => icon && getComputedStyle(icon).transform,
      );
    expect(turns()).to.deep.equal(['none', 'none']);
    player.dir = 'rtl';
    const mirrored = 'matrix(-1, 0, 0, 1, 0, 0)';
    await until(() => turns().every((turn) => turn === mirrored), 'both to be mirrored');

    await setFaults({ media: { reject: 'demo' } });
    const inPanel = (selector: string) => player.shadowRoot?.querySelector(`[part="error"] ${selector}`);
    // Playback may have been reported to stand still before.
    const isShown = () => inPanel('slot > p')?.textContent.includes('Melden Sie sich neu an') === true;
    await until(isShown, 'the text for viewers');
    expect(inPanel('details')?.textContent).to.contain('token-rejected').and.to.contain('token-placement');
    expect(inPanel('details')?.hasAttribute('open')).to.equal(false);
  });
});
