import { sendKeys } from '@web/test-runner-commands';
import { testEnvironment } from './test-environment.js';

/** Presses a key as a person does, in all engines. */
export async function pressKey(key: string): Promise<void> {
  await sendKeys({ press: key });
}

/** Moves the focus one step back. */
export async function pressShiftTab(): Promise<void> {
  if (testEnvironment().engine === 'webkit') {
    // WebDriver classic holds all keys of one text down together: Shift and Tab, by their code points.
    await sendKeys({ type: '\uE008\uE004' });
    return;
  }
  await sendKeys({ down: 'Shift' });
  await sendKeys({ press: 'Tab' });
  await sendKeys({ up: 'Shift' });
}
