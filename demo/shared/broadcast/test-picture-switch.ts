import type { SecureWebcaster } from '@gatecast/webcaster';
import { findElement } from '../find-element.js';
import { type TestPicture, createTestPicture } from './test-picture.js';

export interface TestPictureSwitchOptions {
  readonly isOn: boolean;
  readonly onChange?: (isOn: boolean) => void;
  readonly signal: AbortSignal;
}

/** Button that switches the broadcast between the camera and the test picture. */
export class TestPictureSwitch {
  readonly #webcaster: SecureWebcaster;
  readonly #button = findElement('test-picture', HTMLButtonElement);
  #picture: TestPicture | null = null;

  constructor(webcaster: SecureWebcaster, { isOn, onChange, signal }: TestPictureSwitchOptions) {
    this.#webcaster = webcaster;
    if (isOn) this.#set(true);
    this.#button.addEventListener(
      'click',
      () => {
        this.#set(!this.#picture);
        onChange?.(this.#picture !== null);
      },
      { signal },
    );
    signal.addEventListener('abort', () => this.#set(false), { once: true });
  }

  #set(isOn: boolean): void {
    const before = this.#picture;
    this.#picture = isOn ? createTestPicture() : null;
    this.#webcaster.mediaStream = this.#picture?.stream ?? null;
    this.#button.ariaPressed = String(isOn);
    before?.stop();
  }
}
