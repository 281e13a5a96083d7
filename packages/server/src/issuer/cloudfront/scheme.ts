import { Problem } from '../../http/problem.js';
import type { IssuerContext, SchemeReading, TokenScheme } from '../issuer-type.js';
import { matchWildcards } from '../match-wildcards.js';
import { cookiePairs, onlyValue, pastedPairs, queryPairs, withoutFields } from '../request-fields.js';
import {
  boundToAddress,
  checkTokenTimes,
  duplicateWarnings,
  missingToken,
  readSeconds,
  schemeReading,
  wrongAddress,
  wrongSignature,
} from '../scheme-checks.js';
import type { SecretReference } from '../config-fields.js';
import { fromCloudFrontBase64, parsePolicy, writePolicy, type Policy } from './policy.js';
import { cloudFrontKey } from './signing-key.js';

const FIELDS = ['Expires', 'Policy', 'Signature', 'Key-Pair-Id', 'Hash-Algorithm'];
const COOKIES = FIELDS.map((name) => `CloudFront-${name}`);
const NAME = 'CloudFront';

/** What `verify` needs of the configuration. */
interface CloudFrontKeyConfig {
  readonly keyPairId: string;
  readonly privateKey: SecretReference;
}

interface Fields {
  readonly expires: string | undefined;
  readonly policy: string | undefined;
  readonly signature: string | undefined;
  readonly keyPairId: string | undefined;
  readonly hashAlgorithm: string | undefined;
}

/** Signed URLs and signed cookies of Amazon CloudFront. */
export const cloudfrontScheme: TokenScheme<CloudFrontKeyConfig> = {
  inspect(text) {
    const pairs = pastedPairs(text.replaceAll(';', ' '))
      .map(([name, value]): [string, string] => [name.replace(/^CloudFront-/, ''), value])
      .filter(([name]) => FIELDS.includes(name));
    const field = (name: string) => pairs.find(([each]) => each === name)?.[1];
    if (field('Key-Pair-Id') === undefined || field('Signature') === undefined) return null;
    return describe(field, duplicateWarnings(pairs));
  },

  async verify(request, config, context, nowMs) {
    const { fields, isSignedUrl } = readFields(request);
    const { text, policy } = readPolicy(fields, withoutFields(request.url, isSignedUrl ? FIELDS : []));
    const signature = fromCloudFrontBase64(fields.signature ?? '');
    if (fields.keyPairId !== config.keyPairId || signature === null) throw wrongSignature();
    if (!(await isSignedBy(config, context, fields.hashAlgorithm, text, signature))) throw wrongSignature();
    const { dateLessThan: expiresAt, dateGreaterThan: startsAt, ipAddress, resource } = policy;
    checkTokenTimes({ startsAt, expiresAt }, nowMs);
    const address = withoutFields(request.url, FIELDS);
    if (!matchWildcards(resource, address)) throw wrongAddress();
    if (ipAddress !== undefined && ipAddress !== '0.0.0.0/0') throw boundToAddress();
    return { expiresAt };
  },
};

/** A signed URL counts, and cookies only without one, as with CloudFront. */
function readFields(request: Request): { fields: Fields; isSignedUrl: boolean } {
  const query = queryPairs(request.url);
  const isSignedUrl = query.some(
    ([name]) => name === 'Signature' || name === 'Policy' || name === 'Key-Pair-Id',
  );
  const pairs = isSignedUrl ? query : cookiePairs(request, COOKIES);
  const prefix = isSignedUrl ? '' : 'CloudFront-';
  const fields = {
    expires: onlyValue(pairs, `${prefix}Expires`),
    policy: onlyValue(pairs, `${prefix}Policy`),
    signature: onlyValue(pairs, `${prefix}Signature`),
    keyPairId: onlyValue(pairs, `${prefix}Key-Pair-Id`),
    hashAlgorithm: onlyValue(pairs, `${prefix}Hash-Algorithm`),
  };
  if (fields.signature === undefined || fields.keyPairId === undefined) throw missingToken(NAME);
  return { fields, isSignedUrl };
}

/** The signed text, and what it allows. A canned policy is not sent: both sides write it. */
function readPolicy({ expires, policy }: Fields, address: string): { text: string; policy: Policy } {
  if ((expires === undefined) === (policy === undefined))
    throw new Problem('token-invalid', 'The request needs exactly one of the fields "Expires" and "Policy".');
  if (policy === undefined) {
    const dateLessThan = readSeconds(expires);
    if (dateLessThan === undefined)
      throw new Problem('token-invalid', 'The field "Expires" is not a time in seconds.');
    const canned = { resource: address, dateLessThan };
    // A wildcard in the address of a request stands for itself.
    return { text: writePolicy(canned), policy: { ...canned, resource: '*' } };
  }
  const text = policyText(policy);
  const parsed = text === null ? null : parsePolicy(text);
  if (text === null || parsed === null)
    throw new Problem('token-invalid', 'The policy of the token cannot be read.');
  return { text, policy: parsed };
}

function policyText(encoded: string): string | null {
  const bytes = fromCloudFrontBase64(encoded);
  try {
    return bytes && new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

async function isSignedBy(
  { privateKey }: CloudFrontKeyConfig,
  context: IssuerContext,
  hashAlgorithm: string | undefined,
  text: string,
  signature: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  if (hashAlgorithm !== undefined && hashAlgorithm !== 'SHA256' && hashAlgorithm !== 'SHA1') return false;
  const key = await cloudFrontKey(await context.readSecret(privateKey), hashAlgorithm ?? 'SHA1');
  return key.verify(text, signature);
}

function describe(field: (name: string) => string | undefined, duplicates: readonly string[]): SchemeReading {
  const [expires, encoded] = [field('Expires'), field('Policy')];
  const text = encoded === undefined ? null : policyText(encoded);
  const policy = text === null ? null : parsePolicy(text);
  const expiresAt = encoded === undefined ? readSeconds(expires) : policy?.dateLessThan;
  return schemeReading(
    `CloudFront ${encoded === undefined ? 'canned' : 'custom'} policy`,
    [
      ['Resource', policy?.resource],
      ['DateGreaterThan', policy?.dateGreaterThan],
      ['DateLessThan', expiresAt],
      ['IpAddress', policy?.ipAddress],
      ['Key-Pair-Id', field('Key-Pair-Id')],
      ['Hash-Algorithm', field('Hash-Algorithm') ?? 'SHA1'],
    ],
    expiresAt,
    [
      ...duplicates,
      ...(expires !== undefined && encoded !== undefined ? ['Expires and Policy exclude each other.'] : []),
      ...(encoded !== undefined && policy === null ? ['The policy cannot be read.'] : []),
      ...(/^[^/]*\/\/[^/]*\*/.test(policy?.resource ?? '') || policy?.resource === '*'
        ? ['The resource has a wildcard in its host: the token opens other hosts, too.']
        : []),
    ],
  );
}
