import '@gatecast/webcaster/define';
import type { SecurePlayer } from '@gatecast/player';
import { expect } from 'chai';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor, until } from './support/player-fixture.js';
import { mountWithSkin, skinOf } from './support/skin-fixture.js';

async function addFrame(): Promise<{ frame: HTMLIFrameElement; body: HTMLElement; view: Window }> {
  const frame = document.createElement('iframe');
  frame.width = '640';
  frame.height = '480';
  // Firefox replaces the first, empty document of a frame.
  frame.srcdoc = '<!doctype html><title>Frame</title>';
  const loaded = new Promise((resolve) => {
    frame.addEventListener('load', resolve, { once: true });
  });
  document.body.append(frame);
  await loaded;
  const { contentDocument, contentWindow } = frame;
  if (!contentDocument || !contentWindow) throw new Error('The frame has no document.');
  contentDocument.body.style.margin = '0';
  return { frame, body: contentDocument.body, view: contentWindow };
}

/** What the styles of the element, the overlay and the skin say. */
function expectStyled(player: SecurePlayer, view: Window): void {
  const { width, height } = player.getBoundingClientRect();
  expect(view.getComputedStyle(player).display).to.equal('block');
  expect(width / height).to.be.closeTo(16 / 9, 0.1);
  const skin = skinOf(player);
  expect(skin && view.getComputedStyle(skin).position).to.equal('absolute');
}

/** Moves a player, and waits for the skin that it gets there: the one that it had goes. */
async function moveWithSkin(player: SecurePlayer, parent: HTMLElement): Promise<void> {
  const before = skinOf(player);
  parent.append(player);
  await until(() => ![null, before].includes(skinOf(player)), 'the skin');
}

describe('another document', () => {
  let frames: HTMLIFrameElement[] = [];
  const frameOf = async () => {
    const made = await addFrame();
    frames.push(made.frame);
    return made;
  };
  afterEach(async () => {
    for (const frame of frames)
      frame.contentDocument?.querySelectorAll('secure-player').forEach((player) => {
        player.remove();
      });
    await cleanPage();
    for (const frame of frames) frame.remove();
    frames = [];
  });

  it('keeps styles, skin and playback of <secure-player> in an iframe, and back in the page', async () => {
    const { body, view } = await frameOf();
    const player = await mountWithSkin();
    await playFor(player, 0.5);
    await moveWithSkin(player, body);
    expectStyled(player, view);
    await playFor(player, 1);
    await moveWithSkin(player, document.body);
    expectStyled(player, window);
    await playFor(player, 1);
    expect(player.error).to.equal(null);
  });

  it('continues a recording at its position, at its speed', async () => {
    const { body } = await frameOf();
    const { player } = mountPlayer({ src: '/live/demo-vod.m3u8' });
    await nextEvent(player, 'playing');
    player.currentTime = 5;
    await nextEvent(player, 'seeked');
    player.playbackRate = 1.5;
    await playFor(player, 0.5);
    const before = player.currentTime;
    body.append(player);
    await playFor(player, 0.5);
    expect(player.currentTime).to.be.above(before - 0.5);
    expect(player.playbackRate).to.equal(1.5);
    expect(player.paused).to.equal(false);
  });

  it('has its styles where it is first connected', async () => {
    const { body, view } = await frameOf();
    const player = document.createElement('secure-player');
    body.append(player);
    await until(() => view.getComputedStyle(player).display === 'block', 'the styles');
    player.remove();
  });

  it('keeps the styles of <secure-webcaster>', async () => {
    const { body, view } = await frameOf();
    const webcaster = document.createElement('secure-webcaster');
    document.body.append(webcaster);
    await webcaster.updateComplete;
    for (const [target, window] of [
      [body, view],
      [document.body, globalThis.window],
    ] as const) {
      target.append(webcaster);
      const { display, aspectRatio } = window.getComputedStyle(webcaster);
      expect([display, aspectRatio]).to.deep.equal(['block', '16 / 9']);
    }
    webcaster.remove();
  });
});
