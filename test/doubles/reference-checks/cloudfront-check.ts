import { getSignedUrl } from '@aws-sdk/cloudfront-signer';
import { Problem } from '@gatecast/server';
import type { SchemeCheck } from '../../../demo/backend/schemes/scheme-row.js';
import { addressOf, cookiesOf, queryOf } from './request-carriers.js';

interface Policy {
  readonly Statement: readonly [
    { readonly Resource: string; readonly Condition: { readonly DateLessThan: { 'AWS:EpochTime': number } } },
  ];
}

/** Signs what the request says with AWS’ library, and compares the signatures: RSA signatures of one text are equal. */
export const cloudfrontCheck: SchemeCheck = async (request, { config, context, nowMs }) => {
  const isCookie = config['placement'] === 'cookie';
  const fields = isCookie ? cookiesOf(request) : queryOf(request);
  const field = (name: string): string | undefined => fields.get(isCookie ? `CloudFront-${name}` : name);
  const signature = field('Signature');
  if (signature === undefined) throw new Problem('token-missing', 'The request has no signature.');
  const address = addressOf(request);
  const encoded = field('Policy');
  const policy =
    encoded === undefined ? undefined : Buffer.from(encoded.replace(/[-_~]/g, plain), 'base64').toString();
  const expires = Number(field('Expires'));
  if (policy === undefined && !Number.isSafeInteger(expires))
    throw new Problem('token-invalid', 'The request has neither a policy nor an end.');
  if (field('Key-Pair-Id') !== config['keyPairId'])
    throw new Problem('token-invalid', 'The request names another key.');
  const key = {
    keyPairId: String(config['keyPairId']),
    privateKey: await context.readSecret(config['privateKey'] as { env: string }),
  };
  const expected = getSignedUrl(
    policy === undefined
      ? { ...key, url: address, dateLessThan: new Date(expires * 1000).toISOString() }
      : { ...key, url: address, policy },
  );
  if (queryOf(new Request(expected)).get('Signature') !== signature)
    throw new Problem('token-invalid', 'AWS’ library signs the request in another way.');
  const [statement] = policy === undefined ? [] : (JSON.parse(policy) as Policy).Statement;
  const expiresAt = statement?.Condition.DateLessThan['AWS:EpochTime'] ?? expires;
  if (!(expiresAt * 1000 > nowMs)) throw new Problem('token-expired', 'The token has expired.');
  const { Resource = address } = statement ?? {};
  const isAllowed = Resource.endsWith('*') ? address.startsWith(Resource.slice(0, -1)) : address === Resource;
  if (!isAllowed) throw new Problem('token-wrong-stream', 'The policy is for another address.');
  return { expiresAt };
};

const PLAIN: Readonly<Record<string, string>> = { '-': '+', _: '=', '~': '/' };
const plain = (character: string): string => PLAIN[character] ?? character;
