import { Problem } from '../../http/problem.js';
import { equalTexts } from '../bytes.js';
import type { SecretReference } from '../config-fields.js';
import type { TokenScheme } from '../issuer-type.js';
import { onlyValue, pastedPairs, queryPairs } from '../request-fields.js';
import {
  boundToAddress,
  checkTokenTimes,
  duplicateWarnings,
  missingToken,
  schemeReading,
  wrongAddress,
  wrongSignature,
} from '../scheme-checks.js';
import { linkForm, type LinkFormOptions, type SecureLinkServer } from './link-options.js';

/** What `verify` needs of the configuration. */
type SecureLinkConfig = LinkFormOptions & { readonly secret: SecretReference };

/** In this order, because the fields of nginx are those of others too. */
const servers: readonly SecureLinkServer[] = ['nimble', 'flussonic', 'wowza', 'nginx'];

/** Hashes over fields: nginx, Wowza, Flussonic and Nimble. */
export const secureLinkScheme: TokenScheme<SecureLinkConfig> = {
  inspect(text) {
    const trimmed = text.trim();
    const isPlain = /^[\da-f]{40}-[^=&?/]+$/.test(trimmed);
    const pairs = pastedPairs(isPlain ? `token=${trimmed}` : trimmed);
    const prefix = pairs.map(([name]) => /^(\w{1,33})endtime$/.exec(name)?.[1]).find(Boolean);
    for (const preset of servers) {
      const form = linkForm({ preset, path: '/{stream}/', ...(preset === 'wowza' && { prefix }) });
      const reading = form.preset.read(pairs, form.formula);
      if (reading === null) continue;
      const names = form.preset.fieldNames(form.formula);
      return schemeReading(form.preset.title, reading.fields, reading.expiresAt, [
        ...duplicateWarnings(pairs.filter(([name]) => names.includes(name))),
        ...(reading.warnings ?? []),
      ]);
    }
    return null;
  },

  async verify(request, config, context, nowMs) {
    const { preset, formula, clientIp } = linkForm(config);
    const names = preset.fieldNames(formula);
    const pairs = queryPairs(request.url);
    const given = new Map(names.map((name) => [name, onlyValue(pairs, name)]));
    if ([...given.values()].every((value) => value === undefined)) throw missingToken(preset.title);
    const token = preset.read(pairs, formula);
    if (token === null) throw new Problem('token-invalid', 'The token does not have the form of the scheme.');
    const { startsAt, expiresAt = NaN } = token;
    checkTokenTimes({ startsAt, expiresAt }, nowMs);
    if (clientIp) throw boundToAddress();
    const path = folderOf(new URL(request.url).pathname, config.path);
    if (path === null) throw wrongAddress();
    const expected = await preset.sign(
      {
        path,
        startsAt: startsAt ?? 0,
        expiresAt,
        salt: token.salt ?? '',
        secret: await context.readSecret(config.secret),
      },
      { ...formula, writesStart: startsAt !== undefined },
    );
    // A token for another folder has another hash, so that the two mistakes look the same.
    for (const name of names)
      if (!equalTexts(expected[name] ?? '', given.get(name) ?? '')) throw wrongSignature();
    return { expiresAt };
  },
};

/** The folder of a request that the template describes, decoded; `null` for another address. */
function folderOf(pathname: string, template: string): string | null {
  const before = template.slice(0, template.indexOf('{stream}'));
  const name = pathname.slice(before.length).split('/', 1)[0] ?? '';
  if (!pathname.startsWith(`${before}${name}/`)) return null;
  try {
    const decoded = decodeURIComponent(name);
    return decoded === '' || decoded.includes('/') ? null : `${before}${decoded}/`;
  } catch {
    return null;
  }
}
