import type { IssuedToken, issuerTypes } from '@gatecast/server';

/** What `gatecast serve` provides to an issuer: keys, secrets and a log. */
export type SchemeContext = Parameters<(typeof issuerTypes)[number]['create']>[1];

/** Configuration of an issuer, as `gatecast serve` reads it. */
export interface SchemeConfig {
  readonly type: string;
  readonly [option: string]: unknown;
}

/**
 * How a token of a scheme travels: on each request, in the addresses that the origin writes into playlists, or renewed by the
 * origin in its responses.
 */
export type SchemeWay = 'request' | 'playlists' | 'renewed';

/** Where the tokens of a scheme may be in a request. A token anywhere else is refused. */
export interface SchemeCarriers {
  /** Names of query fields. @defaultValue none */
  readonly query?: readonly string[];
  /** Names of header fields, in lower case. @defaultValue none */
  readonly headers?: readonly string[];
  /** Names of cookies. @defaultValue none */
  readonly cookies?: readonly string[];
  /** Is the token a part of the path: before `/cdn/` (`prefix`), or in place of the stream's name (`segment`)? @defaultValue no */
  readonly path?: 'prefix' | 'segment';
}

/** What an origin needs to hand over a fresh token. */
export interface SchemeRenewal {
  readonly issued: IssuedToken;
  /** Address of the request, with its token. */
  readonly url: string;
  /** Path of the stream: `/cdn/mux/demo/`. */
  readonly folder: string;
}

/** One scheme of the media origin. `root` is its address, such as `http://127.0.0.1:5173/cdn/mux`. */
export interface SchemeRow {
  /** Name in addresses and settings: lower case with hyphens. */
  readonly name: string;
  /** Name for people, as the vendor writes it. */
  readonly label: string;
  readonly way: SchemeWay;
  readonly carriers: SchemeCarriers;
  /**
   * The issuer of the token endpoint.
   *
   * @param ttlSeconds - lifetime of tokens that the origin renews. Others end as their grant says.
   */
  config(root: string, ttlSeconds?: number): SchemeConfig;
  /**
   * For the way `playlists`: the issuer of the tokens that the origin writes.
   *
   * @param file - path of the address below the folder of the stream, such as `high/12.m4s`.
   */
  childConfig?(root: string, file: string): SchemeConfig;
  /** For the way `renewed`: headers of a response that carry a fresh token. With `Location`, the response is a redirect. */
  renew?(renewal: SchemeRenewal): Readonly<Record<string, string>>;
  /** Does the origin renew the token already with the first playlist, because no other request has it? @defaultValue false */
  readonly renewsFirst?: boolean;
  /** First playlist of a stream below `root`. @defaultValue `{stream}/index.m3u8` */
  readonly entry?: string;
  /** Does the token name the address of the first playlist? The player then needs no `src`. @defaultValue false */
  readonly namesEntry?: boolean;
  /** Attributes of the player besides `src`, `stream` and `token-url`. @defaultValue none */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** What a check of a token needs besides the request. */
export interface SchemeCheckInput {
  readonly row: SchemeRow;
  readonly config: SchemeConfig;
  readonly context: SchemeContext;
  readonly stream: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * Checks the token of a request: signature, end, address, and that it is there once.
 *
 * @returns its end, NumericDate seconds.
 * @throws Problem with status 401 or 403.
 */
export type SchemeCheck = (
  request: Request,
  input: SchemeCheckInput,
) => Promise<{ readonly expiresAt: number }>;
