import type { TokenPurpose } from '@gatecast/contract';
import type { TabScope } from '../source/token-source.js';
import type { TabEnvironment } from './tab-environment.js';

/**
 * The name of the lock and of the channel of those tabs that may share tokens: a SHA-256 of what they must have in common, so
 * that the page's key is in no name. With DPoP that is also the key that the tokens are bound to.
 */
export async function groupName(
  { endpoint, session, proof }: TabScope,
  purpose: TokenPurpose,
  digest: TabEnvironment['digest'],
): Promise<string> {
  const jkt = proof === undefined ? null : (await (await import('../dpop/proof-key.js')).proofKey(proof)).jkt;
  return `gatecast-${await digest(JSON.stringify([endpoint, session, purpose, jkt]))}`;
}
