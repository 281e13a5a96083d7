import type { KeySet } from '@gatecast/server';
import type { SchemeContext } from './scheme-row.js';
import { schemeSecrets, type SecretName } from './scheme-secrets.js';

const ignore = (): void => undefined;

/** What the issuers and checks of the schemes need. The secrets are made at first use, and never leave this process. */
export function createSchemeContext(keys: KeySet, now: () => number): SchemeContext {
  return {
    keys,
    now,
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    readSecret: (reference) => {
      const name = 'env' in reference ? reference.env : '';
      if (!Object.hasOwn(schemeSecrets, name)) throw new TypeError(`There is no secret ${name}.`);
      return schemeSecrets[name as SecretName]();
    },
    onVendorError: ignore,
  };
}
