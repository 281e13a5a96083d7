import { Problem } from '@gatecast/server';
import type { SchemeCarriers, SchemeRow } from './scheme-row.js';

/** Start of the names of delivery directives and of the parameters of content steering (RFC 8216bis sections 6.2.5 and 7). */
const DIRECTIVE = '_HLS_';
/** Header fields with a token in any scheme, besides those of the rows. */
const AUTHORIZATION = ['authorization', 'dpop'];

/** Finds tokens that came along with a request and do not belong to its scheme. */
export interface StrayTokens {
  /**
   * @param carriers - where a token of the scheme may be; `null` for an origin that needs none.
   * @param hasPrefix - is there a token before `/cdn/` in the path?
   * @throws Problem `token-invalid`
   */
  refuse(request: Request, carriers: SchemeCarriers | null, hasPrefix: boolean): void;
}

/** @param rows - all schemes: a token of any of them is one. */
export function createStrayTokens(rows: readonly SchemeRow[]): StrayTokens {
  const headers = new Set([...AUTHORIZATION, ...rows.flatMap(({ carriers }) => carriers.headers ?? [])]);
  const cookies = new Set(rows.flatMap(({ carriers }) => carriers.cookies ?? []));

  return {
    refuse(request, carriers, hasPrefix) {
      const { query = [], headers: own = [], cookies: ownCookies = [], path } = carriers ?? {};
      for (const [name, count] of countNames(queryNames(request.url))) {
        if (!query.includes(name) && !name.startsWith(DIRECTIVE)) throw stray('query field');
        if (count > 1) throw stray('second query field');
      }
      if ([...headers].some((name) => !own.includes(name) && request.headers.has(name)))
        throw stray('header field');
      const sent = cookieNames(request.headers.get('Cookie') ?? '');
      for (const [name, count] of countNames(sent.filter((each) => cookies.has(each)))) {
        if (!ownCookies.includes(name)) throw stray('cookie');
        if (count > 1) throw stray('second cookie');
      }
      if (hasPrefix && path !== 'prefix') throw stray('path segment');
    },
  };
}

function stray(what: string): Problem {
  return new Problem('token-invalid', `The request has a ${what} that does not belong to this origin.`);
}

/** The names of the fields of a query, as they are written. */
function queryNames(url: string): string[] {
  const at = url.indexOf('?');
  return at < 0
    ? []
    : url
        .slice(at + 1)
        .split('&')
        .map((pair) => pair.split('=', 1)[0] ?? '');
}

function cookieNames(header: string): string[] {
  return header.split(';').map((pair) => (pair.split('=', 1)[0] ?? '').trim());
}

function countNames(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
