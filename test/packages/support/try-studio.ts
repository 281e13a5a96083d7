import assert from 'node:assert/strict';
import type { SecureWebcaster } from '@gatecast/webcaster';
import type { AppPage } from './app-page.js';
import { untilAtLast } from './patient-wait.js';

/** On the documentation's example with both tags and a slot: the content is shown, and the webcaster has its settings and events. */
export async function assertStudio(app: AppPage): Promise<void> {
  const { page, logs, troubles } = app;
  await page.getByText('We are back soon.').waitFor();
  const webcaster = page.locator('secure-webcaster');
  // The first event may come before the listener.
  await untilAtLast(async () => {
    await webcaster.evaluate(async (one: SecureWebcaster) => {
      await customElements.whenDefined('secure-webcaster');
      await one.stopPreview();
      await one.startPreview();
    });
    return logs.includes('preview');
  }, 'the event of the preview');
  const seen = await webcaster.evaluate(({ endpoint, tokenUrl, controls, state }: SecureWebcaster) => ({
    ...{ endpoint, tokenUrl, controls, state },
  }));
  const settings = { endpoint: '/whip/demo', tokenUrl: '/api/tokens', controls: true };
  assert.deepEqual(seen, { ...settings, state: 'preview' });
  // Besides the stream that does not exist, on purpose.
  const others = troubles.filter((text) => !text.startsWith('Failed to load resource'));
  assert.deepEqual(others, []);
}
