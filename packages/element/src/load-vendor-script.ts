import { GatecastError } from '@gatecast/token';

interface ScriptUrlPolicy {
  /** Gives a TrustedScriptURL, which the DOM takes wherever its types say string. */
  createScriptURL(url: string): string;
}

interface TrustedTypesHost {
  trustedTypes?: {
    createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): ScriptUrlPolicy;
  };
}

const loads = new Map<string, Promise<void>>();
let policy: ScriptUrlPolicy | undefined;

/**
 * Loads a vendor's classic script once per address and gives back the global that it defines.
 *
 * Under enforced Trusted Types it needs `trusted-types gatecast-vendor` in the page's Content-Security-Policy.
 *
 * @param url - absolute address that the page itself named.
 * @param globalName - the global's name, dots allowed, for example `WebcasterApiV6.Webcaster`.
 * @throws GatecastError `vendor-script-failed`
 */
export async function loadVendorScript(url: string, globalName: string): Promise<unknown> {
  // Another part of the page may have loaded it; but a second address may also be a second version.
  let load = loads.get(url);
  if (!load) {
    load = appendScript(url);
    loads.set(url, load);
    load.catch(() => loads.delete(url));
  }
  await load;
  const found = readGlobal(globalName);
  if (found === undefined) {
    throw new GatecastError('vendor-script-failed', `The vendor's script does not define ${globalName}.`, {
      hint: 'Check that the address names the vendor’s own build for browsers, and its version.',
    });
  }
  return found;
}

/** A global by its dotted name. */
export function readGlobal(globalName: string): unknown {
  let value: unknown = globalThis;
  for (const key of globalName.split('.')) {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function appendScript(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.async = true;
    script.addEventListener('load', () => resolve(), { once: true });
    script.addEventListener(
      'error',
      () => {
        script.remove();
        reject(
          new GatecastError('vendor-script-failed', 'The vendor’s script cannot be loaded.', {
            hint: 'Check its address, the network, and script-src in the page’s Content-Security-Policy.',
            retryable: true,
          }),
        );
      },
      { once: true },
    );
    script.src = trusted(url);
    document.head.append(script);
  });
}

/** Trusted Types refuse plain strings; the address comes from the page's own markup or code. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as TrustedTypesHost;
  if (!trustedTypes) return url;
  policy ??= trustedTypes.createPolicy('gatecast-vendor', { createScriptURL: (address) => address });
  return policy.createScriptURL(url);
}
