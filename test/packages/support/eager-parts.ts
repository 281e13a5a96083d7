import { PART_WORDS } from './eager-scripts.js';

const path = String.raw`["'(<]?([^"'()<>\s]+\.m?js\b[^"'()<>\s]*)`;
/** A tag with an address, an import in a script of the page, and a preload in a header. */
const namings = [
  new RegExp(String.raw`<(?:script|link)\b[^>]*?\b(?:src|href)=${path}`, 'g'),
  new RegExp(String.raw`\bimport\(${path}`, 'g'),
  new RegExp(`<${path}>; *rel="?modulepreload`, 'g'),
];

/**
 * The parts of the player that a page loads with its first scripts: those that its HTML or headers name, and what they
 * import.
 *
 * @throws Error if the page names no script.
 */
export async function eagerParts(address: string): Promise<string[]> {
  const answer = await fetch(address);
  const text = `${await answer.text()}\n${answer.headers.get('link') ?? ''}`;
  const named = namings.flatMap((naming) => [...text.matchAll(naming)].map((found) => found[1] ?? ''));
  const eager = new Set(named.map((one) => new URL(one, address).href));
  if (eager.size === 0) throw new Error(`${address} names no script.`);
  const texts: string[] = [];
  for (const file of eager) {
    const text = await (await fetch(file)).text();
    texts.push(text);
    const imports = text.matchAll(/\b(?:import|from)\s*["'](\.{0,2}\/[^"']+\.m?js)["']/g);
    for (const [, path = ''] of imports) eager.add(new URL(path, file).href);
  }
  return Object.keys(PART_WORDS).filter((name) =>
    texts.some((text) => text.includes(PART_WORDS[name] ?? '')),
  );
}
