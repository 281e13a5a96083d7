import { loadVendorScript } from '@gatecast/element';
import { GatecastError } from '@gatecast/token';
import type { VendorPlayerClass } from './vendor-player.js';

const GLOBAL_NAME = 'NanoPlayer';

/**
 * Loads the vendor's player class, or finds the one that the page has loaded.
 *
 * @param address - of the vendor's script, relative to the page; empty for the one that the page has loaded.
 * @throws GatecastError `vendor-script-failed`, `vendor-script-not-allowed`
 */
export async function findVendorPlayer(address: string): Promise<VendorPlayerClass> {
  const found: unknown =
    address === '' ? Reflect.get(globalThis, GLOBAL_NAME) : await loadVendorScript(address, GLOBAL_NAME);
  if (typeof found === 'function') return found as VendorPlayerClass;
  throw new GatecastError('vendor-script-failed', 'The page has not loaded the vendor’s player.', {
    hint: 'Set nanoplayer-src to the address of the vendor’s script, or load that script before the element plays.',
  });
}
