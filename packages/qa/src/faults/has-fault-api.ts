import { readFaults } from './fault-api.js';

/** Whether the tags use only this page's origin and it has the fault API of the demo's backend. */
export async function hasFaultApi(addresses: readonly string[], pageUrl: string): Promise<boolean> {
  if (addresses.some((address) => isElsewhere(address, pageUrl))) return false;
  return readFaults().then(
    (settings) => typeof settings === 'object',
    () => false,
  );
}

/** Whether a URL has another origin than the page. `false` for an empty or invalid URL. */
export function isElsewhere(address: string, pageUrl: string): boolean {
  if (address === '' || !URL.canParse(address, pageUrl)) return false;
  return new URL(address, pageUrl).origin !== new URL(pageUrl).origin;
}
