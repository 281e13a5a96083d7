import { toHex, utf8 } from '../../bytes.js';
import { readSeconds } from '../../scheme-checks.js';
import { streamPath, type SecureLinkPreset } from './secure-link-preset.js';

/** Hash, salt, end and start. Times have ten digits, so that no digit can move from one value to the next. */
const TOKEN = /^[\da-f]{40}-([\w.~]{1,64})-(\d{10})-(\d{10})$/;

/**
 * `securetoken` of Flussonic Media Server: `<hash>-<salt>-<end>-<start>`, with the SHA-1 of the name, the address of the viewer,
 * start, end, key and salt.
 *
 * @see https://flussonic.com/doc/authorize-with-securelink/
 */
export const flussonic: SecureLinkPreset = {
  title: 'Flussonic securetoken',
  fieldNames: () => ['token'],

  async sign({ path, startsAt, expiresAt, ip = '', salt, secret }) {
    const text = `${streamPath(path)}${ip}${String(startsAt)}${String(expiresAt)}${secret}${salt}`;
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-1', utf8(text)));
    return { token: [toHex(hash), salt, expiresAt, startsAt].join('-') };
  },

  read(pairs) {
    const [, salt, ends, starts] = TOKEN.exec(new Map(pairs).get('token') ?? '') ?? [];
    if (salt === undefined) return null;
    return {
      startsAt: readSeconds(starts),
      expiresAt: readSeconds(ends),
      salt,
      fields: [
        ['starttime', starts],
        ['endtime', ends],
        ['salt', salt],
      ],
    };
  },
};
