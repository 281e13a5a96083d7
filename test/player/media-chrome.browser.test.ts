import 'media-chrome';
import type { SecurePlayer } from '@gatecast/player';
import { expect } from 'chai';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor, until } from './support/player-fixture.js';

/** Puts a player into somebody else's controls. */
function mountInController(): { player: SecurePlayer; controller: HTMLElement } {
  const controller = document.createElement('media-controller');
  controller.append(
    document.createElement('media-play-button'),
    document.createElement('media-mute-button'),
    document.createElement('media-time-display'),
  );
  document.body.append(controller);
  const { player } = mountPlayer({
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

  it('tells the controls its state and takes their requests', async () => {
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
});
