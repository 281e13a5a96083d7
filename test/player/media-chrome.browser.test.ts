import 'media-chrome';
import 'media-chrome/menu';
import type { SecurePlayer } from '@gatecast/player';
import { expect } from 'chai';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor, until } from './support/player-fixture.js';

/** Puts a player into the controls of another library. */
function mountInController(src = '/live/demo-low.m3u8'): { player: SecurePlayer; controller: HTMLElement } {
  const controller = document.createElement('media-controller');
  controller.append(
    document.createElement('media-play-button'),
    document.createElement('media-mute-button'),
    document.createElement('media-time-display'),
    document.createElement('media-live-button'),
    document.createElement('media-rendition-menu'),
  );
  document.body.append(controller);
  const { player } = mountPlayer({
    src,
    prepare: (element) => {
      element.slot = 'media';
    },
  });
  controller.append(player);
  return { player, controller };
}

describe('<secure-player> as the media of a <media-controller>', () => {
  afterEach(async () => {
    await cleanPage();
    document.querySelectorAll('media-controller').forEach((controller) => {
      controller.remove();
    });
  });

  it('shows its state in the controls and handles their requests', async () => {
    const { player, controller } = mountInController();
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    const button = controller.querySelector<HTMLElement>('media-play-button');
    await until(() => !button?.hasAttribute('mediapaused'), 'the button to know that it plays');
    button?.click();
    await until(() => player.paused, 'the player to pause');
    await until(() => button?.hasAttribute('mediapaused') === true, 'the button to know that it is paused');
    button?.click();
    await playFor(player, 1);

    const mute = controller.querySelector<HTMLElement>('media-mute-button');
    expect(player.muted).to.equal(true);
    mute?.click();
    await until(() => !player.muted, 'the player to be heard');
    const display = controller.querySelector<HTMLElement>('media-time-display');
    await until(() => Number(display?.getAttribute('mediacurrenttime')) > 0, 'the time to be shown');
  });

  it('fills a quality menu that existed first, and follows its choice', async () => {
    const { player, controller } = mountInController('/live/demo.m3u8');
    const menu = controller.querySelector<HTMLElement>('media-rendition-menu');
    const items = () => [
      ...(menu?.shadowRoot?.querySelectorAll<HTMLElement>('media-chrome-menu-item') ?? []),
    ];
    await playFor(player, 0.5);
    await until(() => items().length === 4, 'three renditions and the automatic choice');
    expect(items().map((item) => item.textContent.trim().replace(/^Auto.*/, 'Auto'))).to.deep.equal([
      '720p',
      '480p',
      '360p',
      'Auto',
    ]);
    expect(player.videoRenditions.selectedIndex).to.equal(-1);
    items()[2]?.click();
    await until(() => player.videoRenditions.selectedIndex === 2, 'the choice');
    await until(() => player.activeEntry?.index === 2, 'the rendition');
    player.switchEntry('auto');
    await until(() => !menu?.hasAttribute('mediarenditionselected'), 'the menu to say that it is automatic');
    expect(controller.querySelector('media-live-button')?.hasAttribute('mediatimeislive')).to.equal(true);
  });
});
