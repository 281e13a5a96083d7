import { readFaults } from '../../shared/qa-client.js';

/** Is what the tags talk to the demo's backend, which this page can break? */
export async function hasFaultApi(addresses: readonly string[], pageUrl: string): Promise<boolean> {
  if (addresses.some((address) => isElsewhere(address, pageUrl))) return false;
  return readFaults().then(
    (settings) => typeof settings === 'object',
    () => false,
  );
}

/** Does an address lead to another origin than that of the page it stands on? */
export function isElsewhere(address: string, pageUrl: string): boolean {
  if (address === '' || !URL.canParse(address, pageUrl)) return false;
  return new URL(address, pageUrl).origin !== new URL(pageUrl).origin;
}
