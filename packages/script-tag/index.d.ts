/**
 * Allows scripts of vendors, as `allowVendorScripts` of `@gatecast/player` does. Without any call, `nanoplayer-src` and
 * `publisher-src` load scripts of the page's own origin only.
 *
 * @param scripts - addresses of scripts, or prefixes that end with `/`; of scheme https: or of the page's own origin.
 *   `integrity` is Subresource Integrity metadata, for the address of one script.
 */
export declare function allowVendorScripts(
  scripts: readonly (string | { readonly url: string; readonly integrity?: string })[],
): void;

/** Sets texts of a language; the keys are those of `setPlayerMessages` of `@gatecast/player`. */
export declare function setPlayerMessages(
  language: string,
  messages: Readonly<Record<string, string>>,
): Promise<void>;

/** Sets texts of a language; the keys are those of `setWebcasterMessages` of `@gatecast/webcaster`. */
export declare function setWebcasterMessages(
  language: string,
  messages: Readonly<Record<string, string>>,
): Promise<void>;
