/** A script of a vendor that the page's author allows. */
export interface VendorScript {
  /** Address of the script, or a prefix of addresses, as `allowVendorScripts` describes. */
  readonly url: string;
  /**
   * Subresource Integrity metadata: one hash or several with blanks between them, for example `sha384-…`, each with the
   * base64 of the whole digest. It applies to the path with any query. The browser refuses a script with other content. Only for the
   * address of one script, which is then requested with CORS and without credentials.
   *
   * @see https://www.w3.org/TR/sri-2/
   */
  readonly integrity?: string;
}

let allowed: (string | VendorScript)[] | undefined;

/** What the page has allowed so far; `undefined` if it has not called `allowVendorScripts`. */
export function allowedVendorScripts(): readonly (string | VendorScript)[] | undefined {
  return allowed;
}

/**
 * Allows scripts of vendors, in addition to those of earlier calls. `nanoplayer-src` and `publisher-src` then load no other
 * script. Without any call they load scripts of the page's own origin only, because markup that an attacker can inject could
 * name any script. A page with a strict Content-Security-Policy calls it also without entries.
 *
 * Call it in a script of the page, before the end of its loading or before the element starts. An entry is one of:
 *
 * - the address of a script, which must match as a whole, with its query;
 * - a prefix that ends with `/`, such as an origin or a folder, for all addresses below it.
 *
 * Addresses are `https:` or of the page's own origin, and may be relative to the page's address. `data:` and `blob:` are
 * never allowed. Wrong entries are reported by the error `vendor-script-not-allowed`, when a script is refused.
 *
 * @example
 * ```ts
 * allowVendorScripts([
 *   { url: 'https://cdn.example.com/nanoplayer.5.0.8.min.js', integrity: 'sha384-…' },
 *   '/vendor/',
 * ]);
 * ```
 */
export function allowVendorScripts(scripts: readonly (string | VendorScript)[]): void {
  allowed = [...(allowed ?? []), ...scripts];
}
