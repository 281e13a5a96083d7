import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resumeSound } from '../../demo/shared/broadcast/resume-sound.js';

/** An `AudioContext` that starts when the browser lets it. */
class Sound extends EventTarget {
  state: AudioContextState = 'suspended';
  isAllowed = false;
  attempts = 0;

  resume(): Promise<void> {
    this.attempts += 1;
    if (this.isAllowed) {
      this.state = 'running';
      this.dispatchEvent(new Event('statechange'));
    }
    return Promise.resolve();
  }
}

describe('the sound of the test picture', () => {
  it('starts with the first action that the browser accepts, and then listens no longer', () => {
    const [sound, page] = [new Sound(), new EventTarget()];
    resumeSound(sound, page);
    page.dispatchEvent(new Event('keydown'));
    assert.equal(sound.state, 'suspended', 'Escape does not let a page play sound');
    sound.isAllowed = true;
    page.dispatchEvent(new Event('keydown'));
    assert.equal(sound.state, 'running');
    page.dispatchEvent(new Event('pointerdown'));
    assert.equal(sound.attempts, 2);
  });

  it('is not started after the picture was stopped', () => {
    const [sound, page] = [new Sound(), new EventTarget()];
    resumeSound(sound, page)();
    page.dispatchEvent(new Event('pointerdown'));
    assert.equal(sound.attempts, 0);
  });
});
