import { checkTemplate } from '../stream-template.js';
import { flussonic } from './preset/flussonic.js';
import { nginx } from './preset/nginx.js';
import { nimble } from './preset/nimble.js';
import { wowza } from './preset/wowza.js';
import type { LinkFormula, SecureLinkPreset } from './preset/secure-link-preset.js';

/** Servers whose formula is known. */
export type SecureLinkServer = 'nginx' | 'wowza' | 'flussonic' | 'nimble';

/** Options that decide the form of a token. */
export interface LinkFormOptions {
  /** Server that verifies the tokens. */
  readonly preset: SecureLinkServer;
  /**
   * Folder of a stream in the addresses, a template such as `/live/{stream}/`. The token opens everything below it. Wowza,
   * Flussonic and Nimble sign it without the outer slashes, as `live/demo`.
   */
  readonly path: string;
  /**
   * For `nginx`: the expression of `secure_link_md5`, with the variables `$secure_link_expires`, `$path` (the folder of the
   * stream), `$remote_addr` and `$secret`. @defaultValue `$secure_link_expires$path $secret`
   */
  readonly expression?: string | undefined;
  /** For `nginx`: query fields of the hash and of the end. @defaultValue `md5` and `expires` */
  readonly hashArgument?: string | undefined;
  readonly expiresArgument?: string | undefined;
  /** For `wowza`: “Hash algorithm”. @defaultValue `SHA-256` */
  readonly algorithm?: 'SHA-256' | 'SHA-384' | 'SHA-512' | undefined;
  /** For `wowza`: “Hash query parameter prefix”. @defaultValue `wowzatoken` */
  readonly prefix?: string | undefined;
  /** For `wowza`: parameters of your own, names without the prefix. @defaultValue none */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** For `wowza`: writes `starttime`, with the time of the request. @defaultValue false */
  readonly startTime?: boolean | undefined;
  /**
   * The server checks the address of the viewer: “Include client IP address in hash” of Wowza, Flussonic without `no_check_ip`.
   * Each grant must then have `restrictions.ip`. Nimble always checks it, nginx if the expression has `$remote_addr`.
   * @defaultValue true for `flussonic`, false for `wowza`
   */
  readonly clientIp?: boolean | undefined;
}

/** How tokens are written and read. */
export interface LinkForm {
  readonly preset: SecureLinkPreset;
  readonly formula: LinkFormula;
  readonly clientIp: boolean;
  /** Does the token carry a start? */
  readonly hasStart: boolean;
}

const presets = { nginx, wowza, flussonic, nimble };
const ONLY_NGINX = ['expression', 'hashArgument', 'expiresArgument'] as const;
const ONLY_WOWZA = ['algorithm', 'prefix', 'parameters', 'startTime'] as const;
const VARIABLES = ['secure_link_expires', 'path', 'remote_addr', 'secret'];

/**
 * Checks the options, and fills in the defaults.
 *
 * @throws TypeError
 */
export function linkForm(options: LinkFormOptions): LinkForm {
  const { preset, expression = '$secure_link_expires$path $secret', parameters = {} } = options;
  refuseOthers(options, preset === 'nginx' ? [] : ONLY_NGINX);
  refuseOthers(options, preset === 'wowza' ? [] : ONLY_WOWZA);
  checkPath(options.path);
  const names = { hash: options.hashArgument ?? 'md5', expires: options.expiresArgument ?? 'expires' };
  const { prefix = 'wowzatoken' } = options;
  for (const name of [names.hash, names.expires, prefix, ...Object.keys(parameters)])
    if (!/^\w{1,33}$/.test(name))
      throw new TypeError(
        'The names of query fields must have letters, digits and underscores only, at most 33.',
      );
  if (Object.values(parameters).some((value) => !/^[\w.~-]+$/.test(value)))
    throw new TypeError('The option parameters has a value that would need encoding in an address.');
  if (preset === 'nginx') checkExpression(expression, options.clientIp);
  if (preset === 'nimble' && options.clientIp === false)
    throw new TypeError(
      'Nimble Streamer always checks the address of the viewer. Remove the option clientIp.',
    );
  return {
    preset: presets[preset],
    formula: {
      expression,
      hashArgument: names.hash,
      expiresArgument: names.expires,
      algorithm: options.algorithm ?? 'SHA-256',
      prefix,
      parameters,
      writesStart: options.startTime ?? false,
    },
    clientIp:
      preset === 'nginx' ? expression.includes('$remote_addr') : (options.clientIp ?? preset !== 'wowza'),
    hasStart: preset !== 'nginx',
  };
}

function refuseOthers(options: LinkFormOptions, names: readonly (keyof LinkFormOptions)[]): void {
  const name = names.find((each) => options[each] !== undefined);
  if (name !== undefined)
    throw new TypeError(`The option ${name} has no meaning with the preset "${options.preset}".`);
}

function checkPath(path: string): void {
  checkTemplate(path, 'path');
  if (!/^\/(?:[\w.~:-]+\/)*[\w.~:-]*\{stream\}\/$/.test(path) || path.includes('/../'))
    throw new TypeError(
      'The option path must be a folder that ends with {stream}, such as /live/{stream}/, without characters that need encoding.',
    );
}

function checkExpression(expression: string, clientIp: boolean | undefined): void {
  const used = [...expression.matchAll(/\$(\w+)/g)].map(([, name]) => name ?? '');
  const unknown = used.find((name) => !VARIABLES.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`The option expression has the variable $${unknown}, which is not known.`);
  for (const name of ['secure_link_expires', 'path', 'secret'])
    if (!used.includes(name)) throw new TypeError(`The option expression must contain $${name}.`);
  // A path begins and ends with a slash. Two texts with digits could share them in another way.
  if (/\$(?:secure_link_expires\$remote_addr|remote_addr\$secure_link_expires)/.test(expression))
    throw new TypeError(
      'The option expression must have a separator between $secure_link_expires and $remote_addr, such as a space.',
    );
  if (clientIp !== undefined)
    throw new TypeError('For nginx, write $remote_addr into the option expression instead of clientIp.');
}
