import { GatecastError } from '@gatecast/token';

/** What an embed page allows. It is written in the page, by the team that hosts it, and never comes from an address. */
export interface EmbedConfig {
  /** Origins that may put the page into a frame and control it, such as `https://www.example.com`. */
  readonly allowedParents: readonly string[];
  /**
   * Origins of streams, or folders (`https://media.example.com/live/`), that an address or a page around the frame may name.
   * @defaultValue none
   */
  readonly allowedSources?: readonly string[];
  /**
   * Names of request headers, besides `Authorization`, that a token response of the page around the frame may set.
   * @defaultValue none
   */
  readonly allowedHeaders?: readonly string[];
  /**
   * Token endpoint with cookies, relative to the embed page. The page around the frame then hands in no tokens.
   * @defaultValue none
   */
  readonly tokenUrl?: string;
  /** Fetch credentials for `tokenUrl`. @defaultValue `include` */
  readonly tokenCredentials?: RequestCredentials;
}

/** A checked {@link EmbedConfig}. */
export interface EmbedSettings {
  readonly parents: ReadonlySet<string>;
  readonly sources: readonly URL[];
  /** In lower case. */
  readonly headers: ReadonlySet<string>;
  readonly tokenUrl: string;
  readonly tokenCredentials: RequestCredentials;
}

const names = ['allowedParents', 'allowedSources', 'allowedHeaders', 'tokenUrl', 'tokenCredentials'];
const credentials: readonly unknown[] = ['include', 'same-origin', 'omit'];

/**
 * @param given - a configuration, or its JSON.
 * @throws GatecastError `option-invalid`
 */
export function readSettings(given: unknown, base: string): EmbedSettings {
  const config = typeof given === 'string' ? parse(given) : given;
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    throw wrong('The configuration of the embed page is not an object.', 'Compare it with the guide.');
  const unknown = Object.keys(config).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw wrong(
      `The embed page has no option "${unknown.slice(0, 60)}".`,
      `Its options: ${names.join(', ')}.`,
    );
  const {
    allowedParents,
    allowedSources = [],
    allowedHeaders = [],
    tokenUrl = '',
    tokenCredentials = 'include',
  } = config as Partial<Record<string, unknown>>;
  if (typeof tokenUrl !== 'string' || !credentials.includes(tokenCredentials))
    throw wrong(
      'tokenUrl or tokenCredentials of the embed page is wrong.',
      'Set both as on <secure-player>.',
    );
  return {
    parents: new Set(listOf('allowedParents', allowedParents).map(readOrigin)),
    sources: listOf('allowedSources', allowedSources).map((address) => readFolder(address, base)),
    headers: new Set(
      ['Authorization', ...listOf('allowedHeaders', allowedHeaders)].map((name) => name.toLowerCase()),
    ),
    tokenUrl,
    tokenCredentials: tokenCredentials as RequestCredentials,
  };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : '';
    throw new GatecastError('option-invalid', 'The configuration of the embed page is not valid JSON.', {
      hint: `JSON has no comments, and no comma after the last entry. ${reason.slice(0, 200)}`,
      cause,
    });
  }
}

function listOf(name: string, value: unknown): string[] {
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (isList) return value;
  throw wrong(`The option "${name}" of the embed page is not a list of texts.`, `Set "${name}" to a list.`);
}

function readOrigin(text: string): string {
  const origin = URL.canParse(text) ? new URL(text).origin : '';
  const written = text.replace(/\/$/, '').replace(/^(http:.*):80$|^(https:.*):443$/, '$1$2');
  // A sandboxed page has the origin "null", which any site can have.
  if (/^https?:[^*]+$/.test(origin) && origin === written) return origin;
  throw wrong(
    `The entry ${quote(text)} of allowedParents is not an origin.`,
    'Write each one in full, such as "https://www.example.com". There are no wildcards.',
  );
}

function readFolder(text: string, base: string): URL {
  const url = URL.canParse(text, base) ? new URL(text, base) : null;
  const isFolder =
    url && /^https?:$/.test(url.protocol) && url.pathname.endsWith('/') && !url.search && !url.hash;
  if (isFolder && !url.username && !url.password) return url;
  throw wrong(
    `The entry ${quote(text)} of allowedSources is not an origin or a folder.`,
    'Write an origin, or an address that ends with a slash.',
  );
}

/** What the team has written, without what could be a password or a signature. */
function quote(text: string): string {
  return `"${text
    .replace(/[?#].*$/s, '')
    .replace(/^[^@]*@/s, '…@')
    .slice(0, 100)}"`;
}

/**
 * The address of a stream that comes from outside.
 *
 * @param src - absolute, or relative to the embed page.
 * @throws GatecastError `source-origin-not-allowed` if the embed page does not allow it.
 */
export function allowedSource(src: string, { sources }: EmbedSettings, base: string): string {
  const url = URL.canParse(src, base) ? new URL(src, base) : null;
  const isAllowed =
    url &&
    !url.username &&
    !url.password &&
    // Servers may decode these after the comparison, once or twice, or cut off a path parameter, and leave the folder.
    !/%(?:25)*(?:2e|2f|5c|3b)|\/\.{1,2};/i.test(url.pathname) &&
    sources.some(({ origin, pathname }) => url.origin === origin && url.pathname.startsWith(pathname));
  if (isAllowed) return url.href;
  throw new GatecastError('source-origin-not-allowed', 'The embed page does not allow this stream address.', {
    hint: 'Add its origin or folder to allowedSources of the embed page.',
  });
}

function wrong(message: string, hint: string): GatecastError {
  return new GatecastError('option-invalid', message, { hint });
}
