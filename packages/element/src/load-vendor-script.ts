import { GatecastError } from '@gatecast/token';

interface ScriptUrlPolicy {
  /** Returns a TrustedScriptURL, which the DOM accepts where its types say string. */
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
 * Loads a vendor's classic script once per address and returns the global variable that it defines. A failed load is
 * tried again by the next call.
 *
 * A page that enforces Trusted Types must allow `trusted-types gatecast-vendor` in its Content-Security-Policy.
 *
 * @param url - absolute address of the script, from an attribute or property that the page has set.
 * @param globalName - name of the global variable, which may contain dots: `WebcasterApiV6.Webcaster`.
 * @returns the value of the global variable; not checked any further.
 * @throws GatecastError `vendor-script-failed` when the script cannot be loaded or does not define the variable.
 */
export async function loadVendorScript(url: string, globalName: string): Promise<unknown> {
  // By address, not by the global variable: another address may be another version.
  let load = loads.get(url);
  if (!load) {
    load = appendScript(url);
    loads.set(url, load);
    load.catch(() => loads.delete(url));
  }
  await load;
  const found = readGlobal(globalName);
  if (found === undefined) {
    throw new GatecastError('vendor-script-failed', `The vendor’s script does not define ${globalName}.`, {
      hint: 'Check that the address is that of the vendor’s build for browsers, in a supported version.',
    });
  }
  return found;
}

/** Reads a global variable by its dotted name; `undefined` if a part of the name does not exist. */
function readGlobal(globalName: string): unknown {
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
            hint: 'Check the script’s address, the network, and script-src in the page’s Content-Security-Policy.',
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

/** Trusted Types refuse plain strings. The address is trusted: it comes from the page's own markup or code. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as TrustedTypesHost;
  if (!trustedTypes) return url;
  policy ??= trustedTypes.createPolicy('gatecast-vendor', { createScriptURL: (address) => address });
  return policy.createScriptURL(url);
}
