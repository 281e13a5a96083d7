import type { StartedByLine } from '@gatecast/contract';

declare global {
  interface Element {
    /** On a tag that the line has started, so that a second line leaves it alone. */
    x?: unknown;
  }
  interface DOMStringMap {
    /** Addresses of the engine's modules, on the line itself. */
    parts: string;
  }
}

// The script that a page has inline after its tags; `npm run start-line` writes its compressed form into
// @gatecast/contract, for pages, bundlers and servers. Each byte counts. What does not fit it leaves to startTags(),
// such as tags with `<source>` children. Browsers without modules do not know `??=`, so they send nothing.

type Answer = Awaited<StartedByLine[4]>;

interface Read {
  (name: 'crossorigin' | 'token-credentials'): string | undefined;
  (name: 'src' | 'stream' | 'token-url'): string;
}

const page = document;
/** Credentials and streams by the URL of the token endpoint. */
const wanted: Record<string, (string | undefined)[]> = {};

const link = (rel: string, href: string, crossOrigin = ''): void =>
  page.head.append(
    Object.assign(page.createElement('link'), { rel, href, crossOrigin, fetchPriority: 'high' }),
  );

// A prerendered page is hidden too.
for (const tag of page.hidden
  ? []
  : page.querySelectorAll(
      'secure-player[src][token-url]:not(:defined,[engine],[dpop],[preload^=n],[loading^=l],[token-placement$=e],:has(source))',
    ))
  try {
    const read = ((name: string) => tag.getAttribute(name) ?? undefined) as Read;
    const absolute = (name: 'src' | 'token-url'): URL => new URL(read(name), page.baseURI);
    const media = absolute('src');
    // Throws for a name with escapes: the element knows them.
    const stream = read('stream') || (/\/([^%/]+?)(\.m3u8)?$/i.exec(media.pathname) as string[])[1];
    // As a key, the URL is its text. A property that a script has set may decide what the element requests.
    if (!Object.keys(tag)[0]) {
      (wanted[absolute('token-url') as URL & string] ??= [read('token-credentials')]).push(stream);
      tag.x = 1;
      if (media.origin !== location.origin) link('preconnect', media.origin, read('crossorigin'));
    }
  } catch {
    // The element reports it.
  }

let isWanted: StartedByLine | undefined;
for (const url in wanted) {
  // Each stream once.
  const [credentials, ...streams] = new Set(wanted[url]);
  const json = 'application/json';
  ((globalThis as Record<symbol, StartedByLine[] | undefined>)[Symbol.for('gatecast')] ??= []).push(
    (isWanted = [
      url,
      credentials,
      streams as string[],
      Date.now(),
      fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': json, Accept: `${json},application/jwt,text/plain,multipart/mixed` },
        body: JSON.stringify({ purpose: 'playback', streams, reason: 'initial' }),
        credentials,
      } as RequestInit).then(
        (response): Answer => [response, Date.now()],
        (error: unknown): Answer => [error],
      ),
    ]),
  );
}
// After the token request, which must not wait for them.
if (isWanted)
  for (const part of (page.currentScript as HTMLElement).dataset.parts.split(' '))
    link('modulepreload', part);
