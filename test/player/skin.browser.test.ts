import { expect } from 'chai';
import { setPlayerMessages, type SecurePlayer } from '@gatecast/player';
import { accessibilityViolations } from '../support/accessibility.js';
import { backendOrigin, setFaults } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor, until } from './support/player-fixture.js';
import { inSkin, mountWithSkin, skinOf } from './support/skin-fixture.js';

const videoOf = (player: SecurePlayer): HTMLVideoElement | null =>
  player.shadowRoot?.querySelector('video') ?? null;

/** Presses a key where the focus is. */
function press(target: HTMLElement | null, key: string): void {
  target?.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }),
  );
}

describe('the skin of <secure-player>', () => {
  afterEach(cleanPage);

  // First in this file, while no other test has loaded the skin.
  it('loads after the first frame without a layout shift, and is accessible', async () => {
    const { player } = mountPlayer({ src: '/live/demo.m3u8', attributes: { controls: '' } });
    player.style.width = '720px';
    const before = player.getBoundingClientRect();
    expect(before.height).to.equal(405);
    const loadedSkin = () =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .filter((name) => /\/overlay\/skin\/|media-chrome/.test(name));
    await nextEvent(player, 'loadeddata');
    expect(loadedSkin(), 'before the first frame').to.deep.equal([]);
    await until(() => skinOf(player) !== null, 'the skin');
    expect(videoOf(player)?.controls).to.equal(false);
    const after = player.getBoundingClientRect();
    expect([after.x, after.y, after.width, after.height]).to.deep.equal([
      before.x,
      before.y,
      before.width,
      before.height,
    ]);
    await until(() => inSkin(player, 'media-live-button')?.hasAttribute('mediatimeislive') === true, 'live');
    expect(await accessibilityViolations(player)).to.deep.equal([]);
    inSkin(player, 'media-settings-menu-button')?.click();
    await until(() => inSkin(player, 'media-settings-menu')?.hidden === false, 'the menu');
    expect(await accessibilityViolations(player)).to.deep.equal([]);
  });

  it('plays, pauses and mutes with its buttons', async () => {
    const player = await mountWithSkin();
    await playFor(player, 0.5);
    const play = inSkin(player, '[part~="play-button"]');
    await until(() => play?.getAttribute('aria-label') === 'Pause', 'the button to know that it plays');
    play?.click();
    await until(() => play?.getAttribute('aria-label') === 'Play', 'a pause');
    expect(player.paused).to.equal(true);
    inSkin(player, 'media-mute-button')?.click();
    await until(() => !player.muted, 'sound');
    // With sound a browser may want a person's click to play.
    player.muted = true;
    play?.click();
    await playFor(player, 0.5);
  });

  it('offers the qualities and the automatic choice, and switches to the chosen one', async () => {
    const player = await mountWithSkin({ src: '/live/demo.m3u8' });
    const menu = inSkin(player, 'media-rendition-menu');
    const items = () => [
      ...(menu?.shadowRoot?.querySelectorAll<HTMLElement>('media-chrome-menu-item') ?? []),
    ];
    await until(() => items().length === 4, 'three qualities and the automatic choice');
    items()[1]?.click();
    await until(() => player.videoRenditions.selectedIndex === 1, 'the choice');
    await until(() => player.activeEntry?.index === 1, 'the rendition');
    expect(player.videoRenditions[1]?.selected).to.equal(true);
    expect(inSkin(player, 'media-settings-menu-item')?.hidden).to.equal(false);
  });

  it('handles keys while the focus is in it, and not those of the page’s fields', async () => {
    const player = await mountWithSkin({ src: '/live/demo-vod.m3u8' });
    await playFor(player, 0.3);
    const target = skinOf(player);
    press(target, 'k');
    await until(() => player.paused, 'a pause');
    press(target, '5');
    await until(() => Math.abs(player.currentTime - 30) < 1, 'the middle');
    press(target, 'ArrowRight');
    await until(() => Math.abs(player.currentTime - 35) < 1, 'five seconds more');
    press(target, 'j');
    await until(() => Math.abs(player.currentTime - 25) < 1, 'ten seconds less');
    player.volume = 0.5;
    press(target, 'ArrowUp');
    expect(player.volume).to.be.closeTo(0.55, 0.001);
    expect(player.muted).to.equal(false);
    press(target, 'm');
    expect(player.muted).to.equal(true);
    press(document.body, 'm');
    expect(player.muted, 'a key elsewhere').to.equal(true);
    const field = document.createElement('input');
    field.slot = 'player';
    player.append(field);
    press(field, 'm');
    expect(player.muted, 'a key in a field').to.equal(true);
  });

  it('shows the distance to live, and returns to live', async () => {
    const player = await mountWithSkin();
    await playFor(player, 0.5);
    expect(player.streamType).to.equal('live');
    player.pause();
    player.currentTime = player.seekable.start(0);
    const words = () => inSkin(player, '[part="live-text"]')?.textContent ?? '';
    await until(() => /^Live −0:\d\d$/.test(words()), 'the distance');
    expect(inSkin(player, 'media-live-button')?.hasAttribute('mediatimeislive')).to.equal(false);
    const before = player.currentTime;
    inSkin(player, 'media-live-button')?.click();
    await until(() => player.currentTime > before + 4, 'the live edge');
    await until(() => words() === 'Live', 'to be told');
  });

  it('is in the page’s language, also with texts that the page sets', async () => {
    const player = await mountWithSkin({ attributes: { lang: 'de' } });
    const label = () => inSkin(player, 'media-fullscreen-button')?.getAttribute('aria-label');
    expect(label()).to.equal('Vollbild');
    setPlayerMessages('de', { enterFullscreen: 'Ganzer Schirm' });
    expect(label()).to.equal('Ganzer Schirm');
    setPlayerMessages('de', {});
    setPlayerMessages('nl', { enterFullscreen: 'Volledig scherm' });
    player.lang = 'nl';
    player.requestUpdate();
    await until(() => label() === 'Volledig scherm', 'the other language');
    setPlayerMessages('nl', {});
  });

  it('is removed completely, and can be shown again', async () => {
    const { player } = mountPlayer({ attributes: { controls: '' } });
    const listeners = new Map<string, number>();
    const count = (step: number, [type, , options]: Parameters<EventTarget['addEventListener']>): void => {
      const signal = typeof options === 'object' ? options.signal : undefined;
      listeners.set(type, (listeners.get(type) ?? 0) + step);
      if (step > 0)
        signal?.addEventListener('abort', () => listeners.set(type, (listeners.get(type) ?? 0) - 1));
    };
    const inherited = EventTarget.prototype;
    player.addEventListener = (...args: Parameters<EventTarget['addEventListener']>) => {
      count(1, args);
      inherited.addEventListener.apply(player, args);
    };
    player.removeEventListener = (...args: Parameters<EventTarget['addEventListener']>) => {
      count(-1, args);
      inherited.removeEventListener.apply(player, args);
    };
    await until(() => skinOf(player) !== null, 'the skin');
    await until(() => (listeners.get('timeupdate') ?? 0) > 0, 'the skin to listen');
    player.removeAttribute('controls');
    await until(() => skinOf(player) === null, 'the skin to go');
    await until(() => [...listeners.values()].every((left) => left === 0), 'its listeners to go');
    player.controls = true;
    await until(() => skinOf(player) !== null, 'the skin to come back');
    player.controls = 'native';
    await until(
      () => skinOf(player) === null && videoOf(player)?.controls === true,
      'the browser’s controls',
    );
  });

  it('is built again when its player moves, without a warning of media-chrome', async () => {
    const { player } = mountPlayer({ src: '/live/demo.m3u8', attributes: { controls: '' } });
    await playFor(player, 0.1);
    await until(() => skinOf(player) !== null, 'the skin');
    const first = skinOf(player);
    const warnings: string[] = [];
    const { warn } = console;
    console.warn = (...args: unknown[]) => warnings.push(String(args[0]));
    try {
      // As React does when it changes the order of elements.
      document.body.insertBefore(player, document.body.firstChild);
      await until(() => ![null, first].includes(skinOf(player)), 'the next skin');
    } finally {
      console.warn = warn;
    }
    expect(warnings).to.deep.equal([]);
  });

  it('is shown before the first frame when preload is none', async () => {
    const player = await mountWithSkin({
      attributes: { preload: 'none' },
      prepare: (element) => {
        element.removeAttribute('autoplay');
      },
    });
    expect(player.readyState).to.equal(0);
    inSkin(player, '[part="center-play"]')?.click();
    await playFor(player, 0.5);
  });

  it('is inert while the error panel covers the picture', async () => {
    const player = await mountWithSkin();
    await setFaults({ media: { reject: 'demo-low' } });
    await nextEvent(player, 'secure-error');
    await until(() => player.shadowRoot?.querySelector('[part="error"]') != null, 'the panel');
    expect(skinOf(player)?.inert).to.equal(true);
    expect(await accessibilityViolations(player)).to.deep.equal([]);
  });
});

describe('the size of <secure-player>', () => {
  afterEach(cleanPage);

  it('comes from width and height, which the page’s own styles override', async () => {
    const { player } = mountPlayer({
      attributes: { width: '400', height: '300', poster: `${backendOrigin()}/x` },
    });
    await player.updateComplete;
    const size = () => [player.offsetWidth, player.offsetHeight];
    expect(size()).to.deep.equal([400, 300]);
    await nextEvent(player, 'loadeddata');
    expect(size(), 'with a picture of another shape').to.deep.equal([400, 300]);
    player.style.width = '200px';
    expect(size()).to.deep.equal([200, 150]);
    player.style.setProperty('--secure-player-aspect-ratio', '1');
    expect(size()).to.deep.equal([200, 200]);
    player.removeAttribute('width');
    await player.updateComplete;
    expect(player.poster).to.equal(`${backendOrigin()}/x`);
  });
});
