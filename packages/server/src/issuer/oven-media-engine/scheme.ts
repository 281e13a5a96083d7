import { Problem } from '../../http/problem.js';
import type { SecretReference } from '../config-fields.js';
import type { TokenScheme } from '../issuer-type.js';
import { onlyValue, pastedPairs, queryPairs } from '../request-fields.js';
import {
  boundToAddress,
  duplicateWarnings,
  missingToken,
  schemeReading,
  wrongSignature,
} from '../scheme-checks.js';
import { decodePolicy, endOfPolicy, findPolicy, isSignatureOf, signedAddress } from './signed-policy.js';

const NAME = 'OvenMediaEngine signed policy';
/** Times in seconds look like January 1970. */
const SECONDS_BELOW = 100_000_000_000;

/** What `verify` needs of the configuration. */
interface OvenMediaEngineKeyConfig {
  readonly secretKey: SecretReference;
  readonly policyQueryKeyName?: string | undefined;
  readonly signatureQueryKeyName?: string | undefined;
  readonly signedOrigin?: string | undefined;
}

/** Signed policies of OvenMediaEngine, in two query fields of the address that is signed. */
export const ovenMediaEngineScheme: TokenScheme<OvenMediaEngineKeyConfig> = {
  inspect(text) {
    const given = pastedPairs(text);
    const pairs = given.length > 0 ? given : [['', text.trim()] as const];
    const found = text.length > 65_536 ? null : findPolicy(pairs);
    if (!found) return null;
    const [name, policy] = found;
    const signatures = pairs.filter(([each, value]) => each !== name && /^[\w-]{27}$/.test(value));
    const times = [policy.url_activate, policy.url_expire, policy.stream_expire];
    return schemeReading(
      NAME,
      [
        ...Object.entries(policy).map(([member, value]) => [member, value] as const),
        ['field of the policy', name === '' ? undefined : name],
        ['field of the signature', signatures[0]?.[0]],
      ],
      endOfPolicy(policy),
      [
        ...duplicateWarnings(pairs.filter(([each]) => each === name || each === signatures[0]?.[0])),
        ...(signatures.length === 0 ? ['The address has no signature of HMAC-SHA1 in base64url.'] : []),
        ...(times.some((time) => time !== undefined && time < SECONDS_BELOW)
          ? ['A time of the policy is in seconds. OvenMediaEngine reads milliseconds.']
          : []),
      ],
    );
  },

  async verify(request, config, context, nowMs) {
    const { policyQueryKeyName = 'policy', signatureQueryKeyName = 'signature', signedOrigin } = config;
    const names = { policy: policyQueryKeyName, signature: signatureQueryKeyName };
    const pairs = queryPairs(request.url);
    const [encoded, signature] = [onlyValue(pairs, names.policy), onlyValue(pairs, names.signature)];
    if (encoded === undefined || signature === undefined) throw missingToken(NAME);
    const address = signedAddress(request.url, names, signedOrigin);
    const key = await context.readSecret(config.secretKey);
    // The address is part of what is signed: another one has another signature.
    if (!(await isSignatureOf(key, address, signature))) throw wrongSignature();
    const policy = decodePolicy(encoded);
    if (policy === null) throw new Problem('token-invalid', 'The policy of the token cannot be read.');
    if (Math.min(policy.url_expire, policy.stream_expire ?? Infinity) <= nowMs)
      throw new Problem('token-expired', 'The token has expired.');
    if ((policy.url_activate ?? 0) > nowMs)
      throw new Problem('token-not-yet-valid', 'The token is not valid yet.');
    if (policy.allow_ip !== undefined || policy.real_ip !== undefined) throw boundToAddress();
    return { expiresAt: endOfPolicy(policy) };
  },
};
