import type { IssuerStart } from '../issuer-start.js';

/** What `gatecast init` writes for this issuer. */
export const cloudfrontStart: IssuerStart = {
  title: 'Signed URLs of Amazon CloudFront',
  playlist: '/live/{stream}/index.m3u8',
  values: [{ name: 'keyPairId', where: 'CloudFront console, Key management, Public keys: the ID' }],
  secret: {
    file: 'secrets/cloudfront.pem',
    make: null,
    where: 'the RSA or ECDSA private key (PEM) whose public key you uploaded to CloudFront',
  },
  options: ({ origin, folder }) => ({
    privateKey: { file: 'secrets/cloudfront.pem' },
    resource: `${origin}${folder}*`,
  }),
};
