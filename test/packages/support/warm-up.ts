/** A script that a page names, or a module that a module names by its address. */
const naming = /(?:\bsrc=["']([^"':]+)["']|\b(?:from|import)\s*\(?\s*["'](\.{0,2}\/[^"']+)["'])/g;

/**
 * Requests pages of a development server and their modules, as a browser does. The server has compiled them then, and does
 * not load a page again because of a package that it finds late.
 *
 * @throws Error if the server does not have one of the pages.
 */
export async function warmUp(origin: string, paths: readonly string[]): Promise<void> {
  const pages = paths.map((path) => new URL(path, origin).href);
  const addresses = new Set(pages);
  for (const address of addresses) {
    const isPage = pages.includes(address);
    const response = await fetch(address);
    const text = await response.text();
    if (isPage && !response.ok) throw new Error(`${address}: ${response.status}\n${text.slice(0, 2000)}`);
    const isModule = response.headers.get('content-type')?.includes('javascript') === true;
    if (!response.ok || !(isPage || isModule)) continue;
    for (const [, script, module = script] of text.matchAll(naming)) {
      const found = new URL(module ?? '', address);
      if (found.origin === origin) addresses.add(found.href);
    }
  }
}
