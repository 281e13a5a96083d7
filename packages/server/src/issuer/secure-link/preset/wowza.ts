import { toBase64Url, utf8 } from '../../bytes.js';
import { readSeconds } from '../../scheme-checks.js';
import { streamPath, type SecureLinkPreset } from './secure-link-preset.js';

/**
 * SecureToken of Wowza Streaming Engine: a SHA-2 hash over the content path and the parameters in alphabetical order, of which
 * the secret and the address of the viewer are two. In base64url with padding.
 *
 * @see https://www.wowza.com/docs/how-to-protect-streaming-using-securetoken-in-wowza-streaming-engine
 */
export const wowza: SecureLinkPreset = {
  title: 'Wowza SecureToken',
  fieldNames: ({ prefix, parameters }) =>
    ['starttime', 'endtime', 'hash', ...Object.keys(parameters)].map((name) => prefix + name),

  async sign({ path, startsAt, expiresAt, ip, secret }, { algorithm, prefix, parameters, writesStart }) {
    const own = {
      ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [prefix + name, value])),
      ...(writesStart && { [`${prefix}starttime`]: String(startsAt) }),
      [`${prefix}endtime`]: String(expiresAt),
    };
    const signed = [
      ...Object.entries(own).map(([name, value]) => `${name}=${value}`),
      secret,
      ...(ip === undefined ? [] : [ip]),
    ];
    // Wowza sorts by code unit, as sort() does.
    const text = `${streamPath(path)}?${signed.sort().join('&')}`;
    const hash = await crypto.subtle.digest(algorithm, utf8(text));
    return { ...own, [`${prefix}hash`]: toBase64Url(new Uint8Array(hash), true) };
  },

  read(pairs, { prefix, parameters }) {
    const fields = new Map(pairs);
    const [starts, ends] = [fields.get(`${prefix}starttime`), fields.get(`${prefix}endtime`)];
    if (ends === undefined || !fields.has(`${prefix}hash`)) return null;
    return {
      startsAt: starts === undefined ? undefined : (readSeconds(starts) ?? NaN),
      expiresAt: readSeconds(ends),
      fields: [
        ['starttime', starts],
        ['endtime', ends],
        ...Object.keys(parameters).map((name) => [name, fields.get(prefix + name)] as const),
      ],
    };
  },
};
