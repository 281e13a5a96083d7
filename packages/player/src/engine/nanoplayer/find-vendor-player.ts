import { loadVendorScript } from '@gatecast/element';
import { GatecastError } from '@gatecast/token';
import type { VendorPlayerClass } from './vendor-player.js';

const GLOBAL_NAME = 'NanoPlayer';

/**
 * Loads the vendor's class, or takes the one that the page has loaded.
 *
 * @param address - of the vendor's script, relative to the page; empty for the one that the page has loaded.
 * @throws GatecastError `vendor-script-failed`
 */
export async function findVendorPlayer(address: string): Promise<VendorPlayerClass> {
  const found: unknown =
    address === ''
      ? Reflect.get(globalThis, GLOBAL_NAME)
      : await loadVendorScript(new URL(address, document.baseURI).href, GLOBAL_NAME);
  if (typeof found === 'function') return found as VendorPlayerClass;
  throw new GatecastError('vendor-script-failed', 'The vendor’s player is not on the page.', {
    hint: 'Set nanoplayer-src to the address of the vendor’s script, or load it before the player.',
  });
}
