/** Marks the messages between page and worker, with the version of their form. */
export const MEDIA_WORKER = 'gatecast-media-1';

/**
 * To the worker. `ask`, with a port: is it there, and does it use the same messages? It replies `true`. `hello`: the page has a
 * player. `bye`: it has none any longer.
 */
export interface WorkerGreeting {
  readonly [MEDIA_WORKER]: 'ask' | 'hello' | 'bye';
}

/** To the page, with a port: how should this request of its media element be sent? */
export interface MediaQuestion {
  readonly [MEDIA_WORKER]: 'request';
  readonly url: string;
}

/** What the page says through the port of a question. */
export type PageReply =
  /** It is not a request of a player. */
  | { readonly kind: 'pass' }
  /** It is a request of a player: the reply follows. */
  | { readonly kind: 'wait' }
  /** Send this and report the result. Only for the network: URL and headers may contain the token. */
  | {
      readonly kind: 'send';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly credentials: RequestCredentials | undefined;
      readonly redirect: RequestRedirect;
      /** Is it a playlist, whose text the page needs to know the addresses in it? */
      readonly isPlaylist: boolean;
    }
  /** The media element gets the last response. */
  | { readonly kind: 'done' }
  /** The media element gets this status. */
  | { readonly kind: 'fail'; readonly status: number };

/** What the worker reports through the port of a question. */
export interface RequestResult {
  /** `null` without a response that can be read. */
  readonly status: number | null;
  /** Why it cannot be read: a redirect that must not be followed, or the media element does not need it any longer. */
  readonly reason: 'redirect' | 'aborted' | null;
  /** Address of the response. It may contain the token. */
  readonly url: string;
  /** Headers of the response in which an origin may renew a token, and the type. */
  readonly headers: readonly (readonly [string, string])[];
  /** Text of a playlist, or of a problem document. */
  readonly text: string | null;
}

export function isQuestion(data: unknown): data is MediaQuestion {
  return hasMark(data, 'request') && typeof (data as { url?: unknown }).url === 'string';
}

export function isGreeting(data: unknown): data is WorkerGreeting {
  return ['ask', 'hello', 'bye'].some((kind) => hasMark(data, kind));
}

function hasMark(data: unknown, kind: string): boolean {
  return typeof data === 'object' && data !== null && Reflect.get(data, MEDIA_WORKER) === kind;
}
