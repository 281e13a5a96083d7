import { endpointName, type TokenPurpose } from '@gatecast/contract';
import type { TabEnvironment, TabScope } from '../source/tab-scope.js';

/**
 * The name of the lock and of the channel of those tabs that may share tokens: a SHA-256 of what they must have in common, so
 * that the page's key is in no name. With DPoP that is also the key that the tokens are bound to.
 */
export async function groupName(
  { url, credentials = 'same-origin', session, dpop }: TabScope,
  purpose: TokenPurpose,
  digest: TabEnvironment['digest'],
): Promise<string> {
  // A function of the page has the key without a name.
  const key = dpop ? await (await import('../dpop/proof-key.js')).proofKey(url ?? '') : null;
  const where = url === undefined ? null : endpointName(url, credentials);
  return `gatecast-${await digest(JSON.stringify([where, session, purpose, key?.jkt ?? null]))}`;
}
