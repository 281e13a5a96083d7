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

/** Metadata with the base64 length of its digest. Browsers ignore other metadata, and run the script unchecked. */
const HASH = /^sha(?:256-[A-Za-z\d+/]{43}=|384-[A-Za-z\d+/]{64}|512-[A-Za-z\d+/]{86}==)$/;

/**
 * Searches a script in the list of what the page allows. An entry for the whole address comes before a prefix. Integrity
 * metadata applies to its path in any notation, whatever the query is.
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
    else wrongEntries.push(nameOf(given));
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
  const withHash = entries.filter(
    (entry) => entry.integrity !== undefined && entry.url.origin === url.origin,
  );
  const path = plainPath(url.pathname);
  const found = entries.find(({ url: { origin, pathname, search } }) => {
    if (origin !== url.origin || !pathname.endsWith('/') || search !== '') return false;
    // There is nothing outside the top folder, but the path may be that of a script with integrity metadata.
    const isPlain = path !== null || (pathname === '/' && withHash.length === 0);
    return isPlain && url.pathname.startsWith(pathname);
  });
  return found && (withHash.find((entry) => plainPath(entry.url.pathname) === path) ?? found);
}

/** The path as servers read it; `null` if some may decode or normalize it to a path in another folder. */
function plainPath(pathname: string): string | null {
  let path: string;
  try {
    // Some servers normalize: U+FF0E, a full-width dot, becomes a dot.
    path = decodeURIComponent(pathname).normalize('NFKC');
  } catch {
    return null;
  }
  const isHidden =
    path.split('/').length !== pathname.split('/').length ||
    /[%\\\p{Cc}]|\.\.|\/[. ]+(?:[/;?#:]|$)/u.test(path);
  return isHidden ? null : path.replace(/;[^/]*/g, '').replace(/\/+/g, '/');
}

/** Entries come from scripts, which may pass anything. */
function readEntry(given: unknown, pageUrl: string): Entry | null {
  const { url: address, integrity } = membersOf(given);
  const url = typeof address === 'string' ? parse(address, pageUrl) : null;
  if (!url) return null;
  if (integrity === undefined) return { url, integrity };
  // Two scripts cannot have the same integrity metadata.
  if (typeof integrity !== 'string' || url.pathname.endsWith('/')) return null;
  return integrity
    .trim()
    .split(/\s+/)
    .every((hash) => HASH.test(hash))
    ? { url, integrity }
    : null;
}

function membersOf(given: unknown): { readonly url?: unknown; readonly integrity?: unknown } {
  return typeof given === 'object' && given !== null ? given : { url: given };
}

/** What an error shows of a wrong entry. */
function nameOf(given: unknown): string {
  const { url } = membersOf(given);
  return typeof url === 'string' ? url : given === null ? 'null' : typeof given;
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
