import type { TokenFailed, TokenOptions } from '@gatecast/adapters';
import { FakeOrigin } from './fake-origin.js';

/** A media origin, the options of a page that gets its tokens from it, and the failures that the page is told. */
export function pageTokens<Options extends TokenOptions>(given: Partial<Options> = {}) {
  const origin = new FakeOrigin();
  const failed: TokenFailed[] = [];
  const options = {
    tokenSource: origin.backend.tokenFunction,
    onTokenFailed: (event: TokenFailed) => void failed.push(event),
    ...given,
  };
  return { origin, time: origin.time, failed, options };
}
