import { expect } from 'chai';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, pause, until, type PlayerFixture } from './support/player-fixture.js';
import { skinOf } from './support/skin-fixture.js';

/** A player below much of the page, with `loading="lazy"`. */
function mountFarBelow(attributes: Record<string, string> = {}): PlayerFixture {
  const spacer = document.createElement('div');
  spacer.style.height = '6000px';
  document.body.append(spacer);
  return mountPlayer({ attributes: { loading: 'lazy', ...attributes } });
}

/** Requests of this page for tokens and media. Other files share the log of the backend. */
const requestsSince = (sinceMs: number): number =>
  performance
    .getEntriesByType('resource')
    .filter(({ name, startTime }) => startTime >= sinceMs && /\/(?:live|api)\//.test(name)).length;

/** The observer of the browser has reported a position by then, and the code that asks for it is there. */
async function observed(): Promise<void> {
  const other = mountPlayer({ attributes: { loading: 'lazy' } }).player;
  other.style.cssText = 'position: fixed; top: 0; width: 64px';
  await nextEvent(other, 'playing');
  other.remove();
}

describe('loading="lazy" of <secure-player>', () => {
  before(() => {
    performance.setResourceTimingBufferSize(5000);
  });
  afterEach(async () => {
    window.scrollTo(0, 0);
    await cleanPage();
  });

  it('requests nothing until the element comes near, and then plays with autoplay', async () => {
    await observed();
    const sinceMs = performance.now();
    const { player, events } = mountFarBelow();
    await pause(500);
    expect(requestsSince(sinceMs)).to.equal(0);
    expect([player.readyState, player.networkState, events.length]).to.deep.equal([0, 0, 0]);
    const playing = nextEvent(player, 'playing');
    player.scrollIntoView();
    await playing;
    expect(requestsSince(sinceMs)).to.be.above(2);
  });

  it('loads at once when the page calls play(), or when loading is set to eager', async () => {
    const played = mountFarBelow({ muted: '' }).player;
    played.removeAttribute('autoplay');
    await played.play();
    const eager = mountFarBelow().player;
    await pause(100);
    const playing = nextEvent(eager, 'playing');
    eager.loading = 'eager';
    await playing;
    // What plays is not interrupted.
    eager.loading = 'lazy';
    await eager.updateComplete;
    expect(eager.readyState).to.be.above(1);
  });

  it('shows the controls of preload="none" when it comes near, and still requests nothing', async () => {
    const sinceMs = performance.now();
    const { player } = mountFarBelow({ preload: 'none', controls: '' });
    player.removeAttribute('autoplay');
    await pause(200);
    expect(skinOf(player)).to.equal(null);
    player.scrollIntoView();
    await until(() => skinOf(player) !== null, 'the skin');
    expect(requestsSince(sinceMs)).to.equal(0);
  });

  it('stops waiting when it leaves the page, and waits again when it is back', async () => {
    const observers = new Set<IntersectionObserver>();
    const Native = IntersectionObserver;
    window.IntersectionObserver = class extends Native {
      override observe(target: Element): void {
        if (target.localName === 'secure-player') observers.add(this);
        super.observe(target);
      }

      override disconnect(): void {
        observers.delete(this);
        super.disconnect();
      }
    };
    try {
      const { player } = mountFarBelow();
      await until(() => observers.size === 1, 'the observer');
      player.remove();
      await until(() => observers.size === 0, 'its end');
      document.body.append(player);
      await until(() => observers.size === 1, 'the observer again');
      player.scrollIntoView();
      await nextEvent(player, 'playing');
      expect(observers.size).to.equal(0);
    } finally {
      window.IntersectionObserver = Native;
    }
  });
});
