import { loadVendorScript } from '@gatecast/element';
import { GatecastError } from '@gatecast/token';
import type { VendorPlayerClass } from './vendor-player.js';

const GLOBAL_NAME = 'NanoPlayer';

/**
 * Loads the vendor's class, or takes the one the page has loaded.
 *
 * @throws GatecastError `vendor-script-failed`
 */
export async function findVendorPlayer(url: string | null): Promise<VendorPlayerClass> {
  const found: unknown =
    url === null ? Reflect.get(globalThis, GLOBAL_NAME) : await loadVendorScript(url, GLOBAL_NAME);
  if (typeof found === 'function') return found as VendorPlayerClass;
  throw new GatecastError('vendor-script-failed', 'The vendor’s player is not on the page.', {
    hint: 'Set nanoplayer-src to the address of the vendor’s script, or load it before the player.',
  });
}
