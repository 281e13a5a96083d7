import { Problem } from '@gatecast/server';
import { Hono } from 'hono';
import type { BackendEnv } from '../http/backend-env.js';
import { cutConnection } from '../http/cut-connection.js';
import { isLoopbackHost } from '../http/allowed-host.js';
import { type MediaResource, mediaTypes } from '../live-origin/media-source.js';
import { type Faults, toProblem } from '../qa/faults.js';
import type { SchemeCount, SchemeCounts } from './scheme-counts.js';
import { createSchemeIssuer, signAddress } from './scheme-issuers.js';
import { elsewhereAudio, type SchemeMedia } from './scheme-media.js';
import type { SchemeCheck, SchemeConfig, SchemeContext, SchemeRow } from './scheme-row.js';
import { readSchemeTarget, type SchemeTarget } from './scheme-target.js';
import { findScheme, schemeTable } from './scheme-table.js';
import type { TokenEnds } from './token-ends.js';
import { createStrayTokens } from './token-carriers.js';

export interface SchemeOriginOptions {
  readonly media: SchemeMedia;
  readonly context: SchemeContext;
  readonly check: SchemeCheck;
  readonly counts: SchemeCounts;
  readonly faults: Faults;
  /** Ends of the tokens that the origin writes and renews. */
  readonly ends: TokenEnds;
  readonly now: () => number;
}

/** The origin without tokens, for comparison. */
export const openScheme = 'open';
/** The same host under another name: another origin, at which no token may arrive. */
const elsewhere = 'elsewhere';

/**
 * Serves `/cdn/<scheme>/…` to requests with a right token of that scheme and no other token, `/cdn/open/…` to requests without
 * any, and `/cdn/elsewhere/<scheme>/…`, which a playlist names at another origin.
 */
export function createSchemeOrigin(options: SchemeOriginOptions): Hono<BackendEnv> {
  const { media, counts, faults, context, ends, now } = options;
  const strayTokens = createStrayTokens(schemeTable);
  const app = new Hono<BackendEnv>();

  app.get('*', async (hono, next) => {
    const path = new URL(hono.req.url).pathname;
    const [, from = '', rest] = /^\/cdn\/elsewhere\/([\w-]+)\/(.+)$/.exec(path) ?? [];
    const target = readSchemeTarget(rest === undefined ? path : `/cdn/${elsewhere}/${rest}`);
    if (!target) return next();
    const row = findScheme(target.scheme) ?? null;
    if (!row && target.scheme !== openScheme && target.scheme !== elsewhere) return next();
    if (faults.media.down) return cutConnection(hono);
    const count = counts.of(rest === undefined ? target.scheme : `${elsewhere}/${from}`, target.stream);
    const { raw } = hono.req;
    const failure = faults.takeRejection({ ...target, resource: target.file });
    if (failure) throw toProblem(failure);
    const end = await refusalsCounted(count, () => authorize(raw, row, target, count));
    const resource = media.find(target, elsewhereAddress(raw.url, target));
    if (!resource) throw new Problem('not-found', 'There is no playlist or segment at this address.');
    count.served += 1;
    const body = row && end !== null ? await withTokens(resource, row, raw.url, target, end) : resource.body;
    const headers = row && end !== null ? await renewal(row, raw.url, target, end, count) : {};
    if ('Location' in headers) return new Response(null, { status: 302, headers });
    return new Response(body, {
      headers: { 'Content-Type': resource.contentType, 'Cache-Control': 'no-store', ...headers },
    });
  });

  /** @returns the end of the token, NumericDate seconds; `null` at an origin that needs none. */
  async function authorize(
    request: Request,
    row: SchemeRow | null,
    target: SchemeTarget,
    count: SchemeCount,
  ): Promise<number | null> {
    try {
      strayTokens.refuse(request, row?.carriers ?? null, target.hasPrefix);
    } catch (error) {
      count.foreign += 1;
      throw error;
    }
    if (!row) return null;
    const root = rootOf(request.url, row);
    const isFirst = target.file === 'index.m3u8';
    const config = isFirst ? row.config(root) : childConfigOf(row, root, target.file);
    const { stream } = target;
    const { expiresAt } = await options.check(request, { row, config, context, stream, nowMs: now() });
    if (ends.isRevoked(row.name, expiresAt)) throw new Problem('token-revoked', 'The token was revoked.');
    return expiresAt;
  }

  /**
   * A playlist with the tokens that its origin writes. Those of the first playlist are new, and those of the others end with
   * the token of the request, as in a session that the first request begins.
   */
  async function withTokens(
    { body, contentType }: MediaResource,
    row: SchemeRow,
    url: string,
    { stream, file: requested }: SchemeTarget,
    given: number,
  ): Promise<MediaResource['body']> {
    if (!row.childConfig || contentType !== mediaTypes.playlist || typeof body !== 'string') return body;
    const root = rootOf(url, row);
    const expiresAt = requested === 'index.m3u8' ? ends.endOf(row.name) : given;
    const sign = async (address: string): Promise<string> => {
      // Of the other origin, which needs no token.
      if (/^https?:/.test(address)) return address;
      const absolute = new URL(address, url).href;
      const file = readSchemeTarget(new URL(absolute).pathname)?.file ?? '';
      const issuer = createSchemeIssuer(childConfigOf(row, root, file), context);
      const grant = { claims: { exp: expiresAt } };
      return signAddress(absolute, await issuer.issue({ purpose: 'playback', stream, grant }));
    };
    const lines = body.split('\n').map(async (line) => {
      if (line !== '' && !line.startsWith('#')) return sign(line);
      const [attribute, address] = /URI="([^"]*)"/.exec(line) ?? [];
      return attribute === undefined || address === undefined
        ? line
        : line.replace(attribute, `URI="${await sign(address)}"`);
    });
    return (await Promise.all(lines)).join('\n');
  }

  /** Headers with a fresh token, when less than half of the lifetime is left, or the first playlist brings the cookie. */
  async function renewal(
    row: SchemeRow,
    url: string,
    { stream, file }: SchemeTarget,
    expiresAt: number,
    count: SchemeCount,
  ): Promise<Readonly<Record<string, string>>> {
    const isOld = expiresAt * 1000 - now() <= ends.ttlOf(row.name) * 500;
    const bringsCookie = row.renewsFirst && file === 'index.m3u8';
    if (!row.renew || !(isOld || bringsCookie)) return {};
    const root = rootOf(url, row);
    const issuer = createSchemeIssuer(row.config(root, ends.lifetimeOf(row.name)), context);
    count.renewed += 1;
    const issued = await issuer.issue({ purpose: 'playback', stream, grant: {} });
    return row.renew({ issued, url, folder: `${new URL(root).pathname}/${stream}/` });
  }
  return app;
}

async function refusalsCounted<Result>(count: SchemeCount, check: () => Promise<Result>): Promise<Result> {
  try {
    return await check();
  } catch (error) {
    const code = error instanceof Problem ? error.code : 'internal';
    count.refused[code] = (count.refused[code] ?? 0) + 1;
    throw error;
  }
}

/** The issuer of the tokens for what the first playlist names. */
function childConfigOf(row: SchemeRow, root: string, file: string): SchemeConfig {
  return row.childConfig?.(root, file) ?? row.config(root);
}

/** Address of the origin of a scheme, on the server of a request. */
export function rootOf(url: string, { name }: Pick<SchemeRow, 'name'>): string {
  return `${new URL(url).origin}/cdn/${name}`;
}

/** This server has two loopback names at least, which are two origins for a browser. */
function elsewhereAddress(url: string, { scheme, stream }: SchemeTarget): string {
  const other = new URL(url);
  if (isLoopbackHost(other.hostname))
    other.hostname = other.hostname === '127.0.0.1' ? 'localhost' : '127.0.0.1';
  return `${other.origin}/cdn/${elsewhere}/${scheme}/${stream}/${elsewhereAudio}.m3u8`;
}
