import type { Page } from 'playwright-core';

/** Starts a broadcast with the page's `<secure-webcaster>`, if it has one. @throws Error when the broadcast fails. */
export async function goLive(page: Page): Promise<void> {
  if ((await page.locator('secure-webcaster').count()) === 0) return;
  // The page may set the endpoint only after its element has been defined.
  await page.waitForFunction(() => document.querySelector('secure-webcaster')?.hasAttribute('endpoint'));
  await page.evaluate(async () => {
    await customElements.whenDefined('secure-webcaster');
    await document.querySelector('secure-webcaster')?.startBroadcast();
  });
}
