import type { TokenPurpose } from '@gatecast/contract';
import { lazyPart } from '../failure/lazy-part.js';
import type { ManagerContext } from './manager-context.js';
import type { PushedRequests } from './pushed-requests.js';

/** Few backends send events. */
const pushPart = lazyPart('listenForPush', async () => (await import('./token-push.js')).listenForPush);

/** A token response says that the backend sends events. Without the code for them, the next one starts it. */
export function startPush(requests: PushedRequests, context: ManagerContext, purpose: TokenPurpose): void {
  pushPart({ tries: 1 }).then(
    (listenForPush) => listenForPush(requests, context, purpose),
    () => undefined,
  );
}
