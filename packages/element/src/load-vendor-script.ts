import { GatecastError } from '@gatecast/token';
import { allowedVendorScripts } from './allow-vendor-scripts.js';
import { matchVendorScript, type VendorScriptMatch } from './match-vendor-script.js';

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
 * tried again by the next call. Scripts that the page has not allowed by `allowVendorScripts` are not requested; without a call, those of another origin.
 *
 * A page that enforces Trusted Types must allow `trusted-types gatecast-vendor` in its Content-Security-Policy.
 *
 * @param address - of the script, from an attribute or property; relative to the page.
 * @param globalName - name of the global variable, which may contain dots: `WebcasterApiV6.Webcaster`.
 * @returns the value of the global variable; not checked any further.
 * @throws GatecastError `vendor-script-not-allowed`; `vendor-script-failed` when the script cannot be loaded or does not
 *   define the variable.
 */
export async function loadVendorScript(address: string, globalName: string): Promise<unknown> {
  const url = URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI).href : address;
  const integrity = await requireAllowed(url);
  // By address, not by the global variable: another address may be another version.
  let load = loads.get(url);
  if (!load) {
    load = appendScript(url, integrity);
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

/** Returns the integrity metadata of a script, if it has some. @throws GatecastError `vendor-script-not-allowed` */
async function requireAllowed(url: string): Promise<string | undefined> {
  let match = find(url);
  if (!match.isAllowed || !allowedVendorScripts()) {
    // A later script of the page may make the list, which allows it or refuses it.
    await pageScriptsHaveRun();
    match = find(url);
  }
  if (match.isAllowed) return match.integrity;
  throw notAllowed(url, match);
}

function find(url: string): VendorScriptMatch {
  return matchVendorScript(url, allowedVendorScripts(), location.href);
}

/** Resolves after all scripts in the page's markup have run, apart from async ones. */
function pageScriptsHaveRun(): Promise<void> {
  return new Promise((resolve) => {
    const done = new AbortController();
    const check = (event?: Event) => {
      // The state is "interactive" both before and after DOMContentLoaded.
      if (event?.type !== 'DOMContentLoaded' && document.readyState !== 'complete') return;
      done.abort();
      resolve();
    };
    for (const type of ['DOMContentLoaded', 'readystatechange'])
      document.addEventListener(type, check, { signal: done.signal });
    check();
  });
}

function notAllowed(
  url: string,
  { reason, wrongEntries }: VendorScriptMatch & { isAllowed: false },
): GatecastError {
  // Without the query, which may be signed.
  const shown = url.replace(/[?#].*$/s, '').slice(0, 200);
  const hints =
    reason === 'scheme'
      ? ['Use an https: address or one of the page’s own origin.']
      : [
          `If this page may run it, call allowVendorScripts([${JSON.stringify(shown)}]) in a script of the page.`,
        ];
  if (wrongEntries.length > 0)
    hints.push(`allowVendorScripts has entries that never match: ${wrongEntries.join(', ').slice(0, 200)}.`);
  return new GatecastError('vendor-script-not-allowed', 'The page has not allowed the vendor’s script.', {
    hint: hints.join(' '),
  });
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

async function appendScript(url: string, integrity: string | undefined): Promise<void> {
  const script = document.createElement('script');
  script.async = true;
  if (integrity !== undefined) {
    script.crossOrigin = 'anonymous';
    script.integrity = integrity;
  }
  try {
    // A page that enforces Trusted Types refuses plain addresses, so that only scripts of its list run there.
    script.src = allowedVendorScripts() ? trusted(url) : url;
  } catch (cause) {
    if (allowedVendorScripts()) throw loadFailed(cause);
    throw notAllowed(url, { isAllowed: false, reason: 'unlisted', wrongEntries: [] });
  }
  await new Promise<void>((resolve, reject) => {
    script.addEventListener('load', () => resolve(), { once: true });
    script.addEventListener(
      'error',
      () => {
        script.remove();
        reject(loadFailed());
      },
      { once: true },
    );
    document.head.append(script);
  });
}

function loadFailed(cause?: unknown): GatecastError {
  return new GatecastError('vendor-script-failed', 'The vendor’s script cannot be loaded.', {
    hint: 'Check the script’s address, its integrity metadata, the network, and script-src and trusted-types in the page’s Content-Security-Policy.',
    retryable: true,
    ...(cause !== undefined && { cause }),
  });
}

/** Trusted Types refuse plain strings. The policy checks the address itself, for all its callers. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as TrustedTypesHost;
  if (!trustedTypes) return url;
  policy ??= trustedTypes.createPolicy('gatecast-vendor', {
    createScriptURL: (address) => {
      if (find(address).isAllowed) return address;
      throw new TypeError('The page has not allowed this script.');
    },
  });
  return policy.createScriptURL(url);
}
