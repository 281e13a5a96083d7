import { md5 } from '@noble/hashes/legacy.js';
import { toBase64Url, utf8 } from '../../bytes.js';
import { readSeconds } from '../../scheme-checks.js';
import type { SecureLinkPreset } from './secure-link-preset.js';

/**
 * `secure_link` and `secure_link_md5` of nginx: the MD5 of an expression, in base64url without padding.
 *
 * @see https://nginx.org/en/docs/http/ngx_http_secure_link_module.html
 */
export const nginx: SecureLinkPreset = {
  title: 'nginx secure_link',
  fieldNames: ({ hashArgument, expiresArgument }) => [hashArgument, expiresArgument],

  sign({ path, expiresAt, ip = '', secret }, { expression, hashArgument, expiresArgument }) {
    const values: Record<string, string> = {
      secure_link_expires: String(expiresAt),
      path,
      remote_addr: ip,
      secret,
    };
    const text = expression.replace(/\$(\w+)/g, (_, name: string) => values[name] ?? '');
    return Promise.resolve({
      [hashArgument]: toBase64Url(md5(utf8(text))),
      [expiresArgument]: String(expiresAt),
    });
  },

  read(pairs, { hashArgument, expiresArgument }) {
    const fields = new Map(pairs);
    const hash = fields.get(hashArgument);
    const expires = fields.get(expiresArgument);
    if (hash === undefined || expires === undefined || !/^[\w-]{22}$/.test(hash)) return null;
    return { startsAt: undefined, expiresAt: readSeconds(expires), fields: [['expires', expires]] };
  },
};
