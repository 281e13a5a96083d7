import { streamNameOf, type TokenPurpose } from '@gatecast/contract';
import { readTags } from './read-tags.js';

/** A stream that the doctor follows, with what a page says about it. */
export interface StreamTarget {
  /** Absolute address of the first playlist. */
  readonly src: string;
  readonly stream: string;
  /** What its tokens are for. */
  readonly purpose: TokenPurpose;
  readonly tokenUrl: string | null;
  readonly placement: string;
  /** Origins that may receive the token, besides that of `src`. */
  readonly tokenOrigins: readonly string[];
  readonly credentials: 'omit' | 'same-origin' | 'include';
}

/** A `<secure-player>` of a page; `null` in place of its streams if it has none in the markup. */
export interface PagePlayer {
  readonly targets: readonly StreamTarget[];
  /** What of the tag cannot be followed, as a sentence. */
  readonly problem: string | null;
}

const MOST_PLAYERS = 4;
const MOST_ENTRIES = 8;

/** Reads the players in the markup of a page. What scripts add is not there. */
export function readPlayers(html: string, pageUrl: string): PagePlayer[] {
  const players: { attributes: ReadonlyMap<string, string>; sources: ReadonlyMap<string, string>[] }[] = [];
  let isInside = false;
  let base = pageUrl;
  for (const { name, attributes } of readTags(html)) {
    const href = attributes.get('href');
    if (name === 'base' && href !== undefined && URL.canParse(href, pageUrl))
      base = new URL(href, pageUrl).href;
    if (name === 'secure-player') {
      if (players.length === MOST_PLAYERS) break;
      players.push({ attributes, sources: [] });
      isInside = true;
    } else if (name === '/secure-player') isInside = false;
    else if (name === 'source' && isInside) players.at(-1)?.sources.push(attributes);
  }
  return players.map(({ attributes, sources }) => playerOf(attributes, sources.slice(0, MOST_ENTRIES), base));
}

function playerOf(
  tag: ReadonlyMap<string, string>,
  sources: readonly ReadonlyMap<string, string>[],
  base: string,
): PagePlayer {
  const entries = sources.filter((each) => each.get('src'));
  const given = entries.length > 0 || !tag.get('src') ? entries : [tag];
  if (given.length === 0) {
    const problem = tag.get('token-url')
      ? 'The tag has no src. A script sets it, or the token response names a signed address.'
      : 'The tag has neither src nor token-url. A script sets them.';
    return { targets: [], problem };
  }
  const addresses = [...given.map((each) => each.get('src') ?? ''), tag.get('token-url') ?? ''];
  if (!addresses.every((each) => URL.canParse(each.trim(), base)))
    return { targets: [], problem: 'An address of the tag (src or token-url) is not a URL.' };
  const tokenUrl = tag.get('token-url');
  const credentials = tag.get('token-credentials');
  const targets = given.map((each): StreamTarget => {
    const src = new URL((each.get('src') ?? '').trim(), base).href;
    return {
      src,
      stream: each.get(each === tag ? 'stream' : 'data-stream') ?? streamNameOf(src),
      purpose: 'playback',
      tokenUrl: tokenUrl ? new URL(tokenUrl.trim(), base).href : null,
      placement: tag.get('token-placement') ?? 'query:token',
      tokenOrigins: (tag.get('token-origins') ?? '').split(/\s+/).filter(Boolean),
      credentials: credentials === 'include' || credentials === 'omit' ? credentials : 'same-origin',
    };
  });
  return { targets, problem: null };
}
