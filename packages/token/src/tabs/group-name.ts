import { endpointName, type TokenPurpose } from '@gatecast/contract';
import type { TabEnvironment } from '../source/tab-scope.js';
import type { TokenFunction, TokenSource } from '../source/token-source.js';
import { VERSION } from './tab-message.js';

type Asked = Pick<TokenSource, 'scope' | 'key'>;

/**
 * The name of the lock and of the channel of those tabs that may share tokens: a SHA-256 of what they must have in common, so
 * that the page's key is in no name. With DPoP that is also the key that the tokens are bound to. Tabs with another format of
 * messages have another name.
 */
export async function groupName(
  asked: Asked,
  purpose: TokenPurpose,
  digest: TabEnvironment['digest'],
): Promise<string> {
  const { url, session, dpop } = asked.scope ?? {};
  const key = dpop ? await (await import('../dpop/proof-key.js')).proofKey(url ?? '') : null;
  const common = [VERSION, questionOf(asked), session, purpose, key?.jkt ?? null];
  return `gatecast-${await digest(JSON.stringify(common))}`;
}

/**
 * What a source asks, as text: tabs with the same may share its tokens. `null` if nobody can know that, as with an own `fetch` or
 * a function that does not say what it asks.
 */
export function questionOf({ scope = {}, key }: Asked): string | null {
  const { url, credentials = 'same-origin', fetch } = scope;
  if (url !== undefined) return fetch ? null : `endpoint ${endpointName(url, credentials)}`;
  const { sharedAs } = key as Partial<TokenFunction>;
  try {
    return sharedAs ? `function ${JSON.stringify(withBase(sharedAs), onlyText)}` : null;
  } catch {
    return null;
  }
}

/** A relative address of options is another one on each page. */
function withBase(sharedAs: string | object): string | object {
  if (typeof sharedAs === 'string' || !('url' in sharedAs)) return sharedAs;
  const { document } = globalThis as Partial<typeof globalThis>;
  const { url } = sharedAs;
  return typeof url === 'string' ? { ...sharedAs, url: new URL(url, document?.baseURI).href } : sharedAs;
}

/** @throws TypeError for what text does not tell, such as a function. */
function onlyText(_: string, value: unknown): unknown {
  const isPlain = value === null || typeof value !== 'object' || Array.isArray(value);
  if (typeof value === 'function' || !(isPlain || Object.getPrototypeOf(value) === Object.prototype))
    throw new TypeError('It is not text.');
  return value;
}
