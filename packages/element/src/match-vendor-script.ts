import type { VendorScript } from './allow-vendor-scripts.js';

/** Result of the search for a script in the list of what the page allows. */
export type VendorScriptMatch =
  | { readonly isAllowed: true; readonly integrity: string | undefined }
  | {
      readonly isAllowed: false;
      /** `scheme`: no entry can allow it. `unlisted`: no entry names it. */
      readonly reason: 'scheme' | 'unlisted';
      /** Entries that can never match, because they are malformed or of another scheme. */
      readonly wrongEntries: readonly string[];
    };

interface Entry {
  readonly url: URL;
  readonly integrity: string | undefined;
}

/**
 * Searches a script in the list of what the page allows. An entry for the whole address comes before a prefix, so its
 * integrity metadata always applies.
 *
 * @param address - absolute address of the script.
 * @param allowed - entries of `allowVendorScripts`; `undefined` allows the page's own origin.
 * @param pageUrl - address of the page. Not its base URL, which markup can change.
 */
export function matchVendorScript(
  address: string,
  allowed: readonly (string | VendorScript)[] | undefined,
  pageUrl: string,
): VendorScriptMatch {
  const entries: Entry[] = [];
  const wrongEntries: string[] = [];
  for (const given of allowed ?? ['/']) {
    const entry = readEntry(given, pageUrl);
    if (entry) entries.push(entry);
    else wrongEntries.push(typeof given === 'string' ? given : given.url);
  }
  const url = parse(address, pageUrl);
  if (!url) return { isAllowed: false, reason: 'scheme', wrongEntries };
  const whole = entries.filter((entry) => entry.url.href === url.href);
  const found =
    whole.find(({ integrity }) => integrity !== undefined) ?? whole[0] ?? findPrefix(url, entries);
  return found
    ? { isAllowed: true, integrity: found.integrity }
    : { isAllowed: false, reason: 'unlisted', wrongEntries };
}

function findPrefix(url: URL, entries: readonly Entry[]): Entry | undefined {
  return entries.find((entry) => {
    const { origin, pathname, search } = entry.url;
    if (origin !== url.origin || !pathname.endsWith('/') || search !== '') return false;
    // Some servers decode these and then leave the folder.
    const isPlain = pathname === '/' || !/%(?:2e|2f|5c)|\.\./i.test(url.pathname);
    return isPlain && url.pathname.startsWith(pathname);
  });
}

function readEntry(given: string | VendorScript, pageUrl: string): Entry | null {
  const { url: address, integrity } = typeof given === 'string' ? { url: given } : given;
  const url = parse(address, pageUrl);
  if (!url) return null;
  // Two scripts cannot have the same integrity metadata. Empty metadata would be ignored by the browser.
  const isWrong =
    integrity !== undefined && (url.pathname.endsWith('/') || !/^sha(?:256|384|512)-/.test(integrity));
  return isWrong ? null : { url, integrity };
}

/** The address without fragment, if its scheme and origin can be allowed at all. */
function parse(address: string, pageUrl: string): URL | null {
  if (!URL.canParse(address, pageUrl)) return null;
  const url = new URL(address, pageUrl);
  const isOwn = url.origin === new URL(pageUrl).origin && url.protocol === 'http:';
  if ((url.protocol !== 'https:' && !isOwn) || url.username !== '' || url.password !== '') return null;
  url.hash = '';
  return url;
}
