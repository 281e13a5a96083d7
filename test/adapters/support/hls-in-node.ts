import type Hls from 'hls.js';

/** What hls.js reads of a browser. Without media it needs no more. */
const browser = {
  self: globalThis,
  location: { protocol: 'https:', href: 'https://page.example/', origin: 'https://page.example' },
};

/** Loads the real library into Node.js. It loads playlists as in a browser. */
export async function loadHls(): Promise<typeof Hls> {
  for (const [name, value] of Object.entries(browser))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  const { default: library } = await import('hls.js');
  return library;
}
