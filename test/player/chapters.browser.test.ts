import type { SecurePlayer } from '@gatecast/player';
import { expect } from 'chai';
import { accessibilityViolations } from '../support/accessibility.js';
import { backendOrigin } from '../support/backend.js';
import { focusedIn } from '../support/focus-walk.js';
import { pressKey } from '../support/press-keys.js';
import { cleanPage } from './support/clean-page.js';
import { playFor, until, type PlayerSetup } from './support/player-fixture.js';
import { inSkin, mountWithSkin } from './support/skin-fixture.js';

const row = (player: SecurePlayer): HTMLElement | null => inSkin(player, '[part~="chapters-item"]');
const menu = (player: SecurePlayer): HTMLElement | null =>
  row(player)?.querySelector('media-chrome-menu') ?? null;
const items = (player: SecurePlayer): HTMLElement[] => [
  ...(menu(player)?.querySelectorAll<HTMLElement>('media-chrome-menu-item') ?? []),
];
const checked = (player: SecurePlayer): string[] =>
  items(player)
    .filter((item) => item.getAttribute('aria-checked') === 'true')
    .map((item) => item.querySelector('.chapter-title')?.textContent ?? '');

function addChapters(player: SecurePlayer, src: string): HTMLTrackElement {
  const track = Object.assign(document.createElement('track'), { kind: 'chapters', label: 'Chapters', src });
  player.append(track);
  return track;
}

/** A file of the page itself, which needs no token. */
const chaptersOf = (cues: string): string =>
  URL.createObjectURL(new Blob([`WEBVTT\n\n${cues}`], { type: 'text/vtt' }));

const mountRecording = (attributes: PlayerSetup['attributes'] = {}): Promise<SecurePlayer> =>
  mountWithSkin({
    src: '/live/demo-vod.m3u8',
    attributes,
    prepare: (element) => void addChapters(element, `${backendOrigin()}/live/demo-vod/chapters.vtt`),
  });

/** Opens the menu of chapters with the mouse. */
async function openMenu(player: SecurePlayer): Promise<void> {
  const settings = inSkin(player, 'media-settings-menu');
  if (settings?.hidden) inSkin(player, 'media-settings-menu-button')?.click();
  // At the end of its transition it takes the focus.
  await until(() => settings?.contains(focusedIn(player)) === true, 'the settings');
  row(player)?.click();
  await until(() => menu(player)?.hidden === false, 'the chapters');
}

describe('the menu of chapters', () => {
  afterEach(cleanPage);

  it('lists the chapters with their times, marks the one that plays, and seeks to the chosen one', async () => {
    const player = await mountRecording();
    await until(() => items(player).length === 3, 'the chapters');
    expect(row(player)?.hidden).to.equal(false);
    expect(items(player).map(({ textContent }) => textContent)).to.deep.equal([
      'Opening0:00',
      'Middle0:20',
      'Closing0:40',
    ]);
    await playFor(player, 0.2);
    player.pause();
    expect(checked(player)).to.deep.equal(['Opening']);
    player.currentTime = 30;
    await until(() => checked(player).join() === 'Middle', 'the next chapter to be marked');
    await openMenu(player);
    await until(() => getComputedStyle(menu(player) ?? player).opacity === '1', 'the end of its transition');
    expect(await accessibilityViolations(player)).to.deep.equal([]);
    items(player)[1]?.click();
    await until(() => player.currentTime === 20, 'the start of the chapter that plays');
    await openMenu(player);
    items(player)[2]?.click();
    await until(() => player.currentTime === 40, 'another chapter');
    await until(() => checked(player).join() === 'Closing', 'its mark');
    expect(row(player)?.shadowRoot?.querySelector('[name="description"]')?.textContent).to.equal('Closing');
  });

  it('is used with keys, in Arabic too, and is accessible', async () => {
    const player = await mountRecording({ lang: 'ar' });
    await until(() => items(player).length === 3, 'the chapters');
    await playFor(player, 0.2);
    player.pause();
    await openMenu(player);
    expect(row(player)?.firstChild?.textContent).to.equal('الفصول');
    await until(() => getComputedStyle(menu(player) ?? player).opacity === '1', 'the end of its transition');
    expect(await accessibilityViolations(player)).to.deep.equal([]);
    await until(() => items(player)[0] === focusedIn(player), 'the focus on the first chapter');
    await pressKey('ArrowDown');
    await until(() => items(player)[1] === focusedIn(player), 'the focus on the next one');
    await pressKey('Enter');
    await until(() => player.currentTime === 20, 'the chapter');
  });

  it('is hidden without chapters, follows other files, and writes names as text', async () => {
    const player = await mountWithSkin({ src: '/live/demo-vod.m3u8' });
    await playFor(player, 0.2);
    expect(row(player)?.hidden).to.equal(true);
    const src = chaptersOf(
      Array.from({ length: 300 }, (_, index) => {
        const at = `00:${String(Math.floor(index / 10)).padStart(2, '0')}.${String(index % 10)}00`;
        return `${at} --> 01:00.000\n&lt;img src=x&gt; ${String(index)}\n`;
      }).join('\n'),
    );
    const track = addChapters(player, src);
    await until(() => items(player).length === 200, 'at most 200 chapters');
    expect(row(player)?.hidden).to.equal(false);
    expect(menu(player)?.querySelector('img')).to.equal(null);
    track.remove();
    await until(() => items(player).length === 0, 'no chapters');
    expect(row(player)?.hidden).to.equal(true);
    URL.revokeObjectURL(src);
  });
});
