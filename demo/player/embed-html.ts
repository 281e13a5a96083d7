import { type PlayerSettings, toAttributes, toSourceAttributes } from './player-settings.js';

/** Attributes whose value is an address, which a page elsewhere needs whole. */
const addresses: ReadonlySet<string> = new Set([
  'src',
  'token-url',
  'playlist-signer',
  'nanoplayer-src',
  'poster',
]);

/** The HTML that plays what this page plays, on any page. */
export function writeEmbedHtml(settings: PlayerSettings, origin: string): string {
  const write = (attributes: readonly (readonly [string, string])[]): string =>
    attributes
      .map(([name, value]) => {
        if (value === '') return name;
        return `${name}="${escape(addresses.has(name) ? new URL(value, origin).href : value)}"`;
      })
      .join(' ');
  const sources = toSourceAttributes(settings).map((attributes) => `  <source ${write(attributes)}>`);
  return [
    `<script type="module" src="${origin}/gatecast.js"></script>`,
    `<secure-player ${write(toAttributes(settings))}>${sources.length === 0 ? '' : '\n'}`,
    ...sources,
    '</secure-player>',
  ].join('\n');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
