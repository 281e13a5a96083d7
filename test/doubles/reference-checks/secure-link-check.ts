import { createHash } from 'node:crypto';
import { Problem } from '@gatecast/server';
import type { SchemeCheck } from '../../../demo/backend/schemes/scheme-row.js';
import { queryOf } from './request-carriers.js';

type Query = ReadonlyMap<string, string>;

/** What a server computes of a request. */
interface SecureLink {
  readonly given: string | undefined;
  readonly expected: string;
  readonly startsAt?: number;
  readonly expiresAt: number;
}

/** The formulas that the servers document. `folder` is that of the stream, with slashes around it. */
const links: Readonly<Record<string, (query: Query, folder: string, secret: string) => SecureLink>> = {
  /** @see https://nginx.org/en/docs/http/ngx_http_secure_link_module.html */
  nginx(query, folder, secret) {
    const expires = query.get('expires') ?? '';
    const hash = createHash('md5').update(`${expires}${folder} ${secret}`).digest('base64url');
    return { given: query.get('md5'), expected: hash, expiresAt: Number(expires) };
  },

  /** @see https://www.wowza.com/docs/how-to-protect-streaming-using-securetoken-in-wowza-streaming-engine */
  wowza(query, folder, secret) {
    const ownHash = 'wowzatokenhash';
    const own = [...query].filter(([name]) => name.startsWith('wowzatoken') && name !== ownHash);
    const values = [...own.map(([name, value]) => `${name}=${value}`), secret].sort();
    const text = `${folder.slice(1, -1)}?${values.join('&')}`;
    const hash = createHash('sha256').update(text).digest('base64').replaceAll('+', '-').replaceAll('/', '_');
    const [starts = '0', ends] = ['starttime', 'endtime'].map((name) => query.get(`wowzatoken${name}`));
    return { given: query.get(ownHash), expected: hash, startsAt: Number(starts), expiresAt: Number(ends) };
  },

  /** With `no_check_ip=true`. @see https://flussonic.com/doc/authorize-with-securelink/ */
  flussonic(query, folder, secret) {
    const [given, salt = '', end = '', start = ''] = (query.get('token') ?? '').split('-');
    const text = `${folder.slice(1, -1)}${start}${end}${secret}${salt}`;
    const expected = createHash('sha1').update(text).digest('hex');
    return { given, expected, startsAt: Number(start), expiresAt: Number(end) };
  },
};

/** Computes the hash as nginx, Wowza and Flussonic document it, over the folder that the request is for. */
export const secureLinkCheck: SchemeCheck = async (request, { config, context, nowMs }) => {
  const link = links[String(config['preset'])];
  if (link === undefined) throw new TypeError('There is no formula for this preset.');
  const secret = await context.readSecret(config['secret'] as { env: string });
  const [folder = ''] = /^\/cdn\/[^/]+\/[^/]+\//.exec(decodeURI(new URL(request.url).pathname)) ?? [];
  const { given, expected, startsAt = 0, expiresAt } = link(queryOf(request), folder, secret);
  if (given === undefined || given === '') throw new Problem('token-missing', 'The request has no hash.');
  if (given !== expected) throw new Problem('token-invalid', 'The server computes another hash.');
  if (!(startsAt * 1000 <= nowMs)) throw new Problem('token-not-yet-valid', 'The link is not valid yet.');
  if (!(expiresAt * 1000 > nowMs)) throw new Problem('token-expired', 'The link has expired.');
  return { expiresAt };
};
