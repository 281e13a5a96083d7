import type { SecurePlayer } from '@gatecast/player';
import { expect } from 'chai';
import { accessibilityViolations } from '../support/accessibility.js';
import { backendOrigin, setFaults } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor, until, type PlayerSetup } from './support/player-fixture.js';
import { inSkin, mountWithSkin, skinOf } from './support/skin-fixture.js';

const RECORDING = '/live/demo-vod.m3u8';

/** The controls that are shown, by the name of their tag without `media-`, in the order of the focus. */
function shownControls(player: SecurePlayer): string[] {
  const controls = [...(skinOf(player)?.querySelectorAll('[part="control-area"] *') ?? [])];
  return controls
    .filter(({ localName }) => /^media-(?:.*-(?:button|range|display))$/.test(localName))
    .filter((control) => !control.closest('[slot="preview"]') && control.checkVisibility())
    .map(({ localName }) => localName.replace('media-', ''));
}

const pageStyles: HTMLStyleElement[] = [];

function addPageStyle(text: string): void {
  const style = Object.assign(document.createElement('style'), { textContent: text });
  pageStyles.push(style);
  document.head.append(style);
}

const mountTheme = (theme: string, setup: PlayerSetup = {}): Promise<SecurePlayer> =>
  mountWithSkin({ src: RECORDING, ...setup, attributes: { theme, ...setup.attributes } });

const boxOf = (element: Element | null | undefined): DOMRect => {
  if (!element) throw new Error('There is no such element.');
  return element.getBoundingClientRect();
};

describe('the themes of <secure-player>', () => {
  afterEach(async () => {
    for (const style of pageStyles.splice(0)) style.remove();
    await cleanPage();
  });

  // First in this file, while no other test has loaded the skin.
  it('audio has its size before the skin is loaded, also with an aspect ratio of the page', async () => {
    addPageStyle('secure-player { display: block; aspect-ratio: 16 / 9; }');
    const { player } = mountPlayer({ src: RECORDING, attributes: { controls: '', theme: 'audio' } });
    await player.updateComplete;
    expect(skinOf(player)).to.equal(null);
    const { width, height } = boxOf(player);
    expect(height).to.equal(48);
    expect(width).to.equal(document.body.clientWidth);
    await until(() => skinOf(player) !== null, 'the skin');
    expect([boxOf(player).width, boxOf(player).height]).to.deep.equal([width, height]);
    expect(boxOf(skinOf(player)).height).to.equal(48);
    await playFor(player, 0.2);
    expect(player.shadowRoot?.querySelector('video')?.checkVisibility({ opacityProperty: true })).to.equal(
      false,
    );
  });

  for (const width of [390, 1280]) {
    const wide = width === 1280;
    it(`show the controls that they are for, at a width of ${String(width)}`, async () => {
      const player = await mountTheme('minimal', {
        prepare: (element) => {
          element.style.width = `${String(width)}px`;
        },
      });
      await playFor(player, 0.2);
      const minimal = ['play-button', 'mute-button', 'time-display', 'fullscreen-button'];
      expect(shownControls(player)).to.deep.equal(minimal);
      expect(await accessibilityViolations(player)).to.deep.equal([]);
      player.theme = 'audio';
      await until(() => skinOf(player)?.hasAttribute('audio') === true, 'the bar');
      expect(player.getAttribute('theme')).to.equal('audio');
      expect(boxOf(player).height).to.equal(48);
      const volume = wide ? ['volume-range'] : [];
      expect(shownControls(player)).to.deep.equal([
        ...['play-button', 'time-display', 'time-range', 'mute-button', ...volume, 'settings-menu-button'],
      ]);
      const range = boxOf(inSkin(player, 'media-time-range'));
      expect(range.width, 'the seek bar').to.be.greaterThan(wide ? 600 : 90);
      for (const control of skinOf(player)?.querySelectorAll('[part="control-bar"] > *') ?? []) {
        if (!control.checkVisibility()) continue;
        expect(boxOf(control).left).to.be.at.least(boxOf(player).left);
        expect(boxOf(control).right).to.be.at.most(boxOf(player).right);
      }
      expect(await accessibilityViolations(player)).to.deep.equal([]);
      player.removeAttribute('theme');
      await until(() => skinOf(player)?.hasAttribute('audio') === false, 'the picture');
      expect(player.theme).to.equal('default');
      expect(boxOf(player).height).to.be.closeTo((width * 9) / 16, 1);
      expect(shownControls(player)).to.include('settings-menu-button').and.not.include('captions-button');
    });
  }

  it('minimal has the button of captions where there are some, and audio no captions', async () => {
    const player = await mountTheme('minimal', { src: '/live/demo-subs.m3u8' });
    const captions = () => inSkin(player, 'media-captions-button');
    await until(() => captions()?.checkVisibility() === true, 'the button');
    const minimal = ['play-button', 'mute-button', 'live-button', 'captions-button', 'fullscreen-button'];
    await until(() => shownControls(player).join() === minimal.join(), minimal.join());
    const showing = () => [...player.textTracks].filter(({ mode }) => mode === 'showing').length;
    const before = showing();
    captions()?.click();
    await until(() => showing() !== before, 'the other state');
    expect(await accessibilityViolations(player)).to.deep.equal([]);
    player.theme = 'audio';
    await until(() => skinOf(player)?.hasAttribute('audio') === true, 'the bar');
    const after = showing();
    for (const key of ['f', 'c'])
      skinOf(player)?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
    expect(document.fullscreenElement).to.equal(null);
    expect(showing()).to.equal(after);
    expect(inSkin(player, 'media-captions-menu')?.parentElement?.hidden).to.equal(true);
  });

  it('audio opens its menu where the window has the room', async () => {
    const player = await mountTheme('audio');
    player.style.marginTop = '400px';
    const menu = () => inSkin(player, 'media-settings-menu');
    const button = inSkin(player, 'media-settings-menu-button');
    button?.click();
    await until(() => menu()?.hidden === false, 'the menu');
    await until(() => boxOf(menu()).bottom <= boxOf(player).top + 1, 'the menu over the bar');
    await until(() => getComputedStyle(menu() ?? player).opacity === '1', 'the end of its transition');
    expect(boxOf(menu()).height).to.be.greaterThan(30);
    expect(await accessibilityViolations(player)).to.deep.equal([]);
    button?.click();
    await until(() => menu()?.hidden === true, 'the menu to close');
    player.style.marginTop = '0';
    window.scrollTo(0, 0);
    button?.click();
    await until(() => menu()?.hidden === false, 'the menu');
    await until(() => boxOf(menu()).top >= boxOf(player).bottom - 1, 'the menu under the bar');
  });

  it('have their names in every language, and are mirrored in Arabic', async () => {
    const player = await mountTheme('audio', { attributes: { lang: 'en' } });
    const label = () => skinOf(player)?.getAttribute('aria-label');
    const names = {
      de: 'Audioplayer',
      fr: 'Lecteur audio',
      es: 'Reproductor de audio',
      ja: '音声プレーヤー',
    };
    expect(label()).to.equal('Audio player');
    for (const [lang, name] of Object.entries({ ...names, ar: 'مشغّل الصوت' })) {
      player.lang = lang;
      player.requestUpdate();
      await until(() => label() === name, name);
    }
    expect(boxOf(player).right - boxOf(inSkin(player, '[part~="play-button"]')).right).to.be.lessThan(10);
    expect(await accessibilityViolations(player)).to.deep.equal([]);
    player.theme = 'minimal';
    await until(() => label() !== 'مشغّل الصوت', 'the other theme');
    expect(boxOf(player).right - boxOf(inSkin(player, '[part~="play-button"]')).right).to.be.lessThan(20);
  });

  it('leave the last word to the page’s own properties and parts', async () => {
    addPageStyle(`secure-player::part(volume) { display: inline-flex; }
      secure-player::part(time) { display: none; }
      secure-player { --secure-player-background: rgb(1, 2, 3); height: 64px; }`);
    const player = await mountTheme('audio', {
      prepare: (element) => {
        element.style.width = '390px';
      },
    });
    expect(shownControls(player)).to.include('volume-range').and.not.include('time-display');
    expect(getComputedStyle(player).backgroundColor).to.equal('rgb(1, 2, 3)');
    expect(boxOf(player).height).to.equal(64);
  });

  it('are the default for any other value, with one warning', async () => {
    const warnings: string[] = [];
    const { warn } = console;
    console.warn = (...args: unknown[]) => warnings.push(String(args[0]));
    try {
      const player = await mountTheme('minimum', { src: `${backendOrigin()}/live/demo-low.m3u8` });
      await playFor(player, 0.2);
      player.requestUpdate();
      await player.updateComplete;
      expect(shownControls(player)).to.include('settings-menu-button').and.not.include('captions-button');
    } finally {
      console.warn = warn;
    }
    expect(warnings.filter((text) => text.includes('theme'))).to.deep.equal([
      'Gatecast: The attribute theme has no value "minimum". Did you mean "minimal"? Values of theme: default, minimal, audio.',
    ]);
  });

  it('audio shows an error in its row, with all of its text', async () => {
    const player = await mountTheme('audio', {
      src: '/live/demo-low.m3u8',
      prepare: (element) => {
        element.style.width = '390px';
      },
    });
    await setFaults({ media: { reject: 'demo-low' } });
    await nextEvent(player, 'secure-error');
    const panel = () => player.shadowRoot?.querySelector('[part="error"]');
    await until(() => panel() != null, 'the panel');
    expect(boxOf(player).height).to.equal(48);
    const { scrollHeight, clientHeight } = panel() ?? player;
    expect(scrollHeight, 'nothing is cut off').to.be.at.most(clientHeight);
    const [text, retry] = [
      boxOf(panel()?.querySelector('p')),
      boxOf(panel()?.querySelector('[part="retry"]')),
    ];
    expect(retry.left, 'beside the text').to.be.at.least(text.right);
    expect(await accessibilityViolations(player)).to.deep.equal([]);
  });
});
