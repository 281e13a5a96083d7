import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

/** Makes a secret at its first use. All backends of a process share it, because an RSA key takes time to make. */
function once(make: () => string | Promise<string>): () => Promise<string> {
  let made: Promise<string> | undefined;
  return () => (made ??= Promise.resolve(make()));
}

/** An RSA key in PEM. */
async function rsaKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** A shared secret of 32 bytes in hexadecimal digits. */
const sharedSecret = (): string => randomBytes(32).toString('hex');

/** The secrets of the schemes, under the names that their configurations refer to as `env`. */
export const schemeSecrets = {
  AKAMAI_KEY: once(sharedSecret),
  BUNNY_KEY: once(sharedSecret),
  CAT_KEY: once(sharedSecret),
  CLOUDFLARE_STREAM_KEY: once(rsaKey),
  CLOUDFRONT_PRIVATE_KEY: once(rsaKey),
  LINK_SECRET: once(sharedSecret),
  MEDIA_CDN_KEY: once(() => randomBytes(32).toString('base64')),
  MUX_PRIVATE_KEY: once(rsaKey),
  OME_SECRET_KEY: once(sharedSecret),
  URI_SIGNING_KEY: once(() =>
    JSON.stringify({ kty: 'oct', kid: 'demo', alg: 'HS256', k: randomBytes(32).toString('base64url') }),
  ),
} satisfies Record<string, () => Promise<string>>;

export type SecretName = keyof typeof schemeSecrets;
