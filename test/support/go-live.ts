import type { Page } from 'playwright-core';

/** Goes on air with the page's `<secure-webcaster>`, if it has one. @throws Error why it could not. */
export async function goLive(page: Page): Promise<void> {
  if ((await page.locator('secure-webcaster').count()) === 0) return;
  // The page says where to, and may come to that only after its element has been defined.
  await page.waitForFunction(() => document.querySelector('secure-webcaster')?.hasAttribute('endpoint'));
  await page.evaluate(async () => {
    await customElements.whenDefined('secure-webcaster');
    await document.querySelector('secure-webcaster')?.startBroadcast();
  });
}
