import type * as gatecast from '@gatecast/player';
import { isScriptParameter } from './foreign-origins.js';

/**
 * Allows the vendors' scripts in settings that a person has agreed to or typed. Resolves at once if there are none.
 *
 * @param settings - names and values of attributes or URL parameters.
 */
export async function allowScripts(
  settings: Iterable<readonly [name: string, value: string]>,
): Promise<void> {
  const addresses = [...settings].flatMap(([name, value]) =>
    isScriptParameter(name) && URL.canParse(value, location.href) ? [new URL(value, location.href).href] : [],
  );
  if (addresses.length === 0) return;
  // The copy that defines the tags. As an absolute address, because Vite adds a query to relative ones.
  const module = new URL('/gatecast.js', location.href).href;
  const { allowVendorScripts } = (await import(/* @vite-ignore */ module)) as typeof gatecast;
  allowVendorScripts(addresses);
}
