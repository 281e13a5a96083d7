import { lazyPart } from '../failure/lazy-part.js';
import type { Cancel, Clock } from '../time/clock.js';
import type { LoginPrompts, OwnRequest } from './login-prompts.js';

/** Most responses come sooner. Later ones may wait for the viewer to log in. */
const PROMPT_MS = 2000;

const promptsPart = lazyPart('LoginPrompts', async () => (await import('./login-prompts.js')).LoginPrompts);

let prompts: LoginPrompts | null = null;

/** Sends a request with a token to the page's own origin, where a refusal may make the browser ask the viewer to log in. */
export async function fetchOwnOrigin(request: OwnRequest, clock: Clock): Promise<Response> {
  const withoutLogin = await prompts?.send(request);
  if (withoutLogin) return withoutLogin;
  const { fetch, url, init } = request;
  const life = new AbortController();
  init.signal?.addEventListener('abort', () => life.abort(init.signal?.reason), { once: true });
  const pending = fetch(url, { ...init, signal: life.signal });
  let cancel: Cancel | undefined;
  const late = new Promise<null>((resolve) => {
    cancel = clock.at(clock.now() + PROMPT_MS, () => {
      resolve(null);
    });
  });
  const inTime = await Promise.race([pending, late]).finally(() => cancel?.());
  if (inTime) return inTime;
  const code = promptsPart({ tries: 1, signal: init.signal ?? undefined });
  // If the code cannot be loaded, the request itself decides.
  const answered = await Promise.race([pending, code.then(() => null).catch(() => pending)]);
  if (answered) return answered;
  prompts ??= new (await code)(clock);
  return prompts.answer(request, pending, () => {
    life.abort();
  });
}
