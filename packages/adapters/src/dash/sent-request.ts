import type { MediaPlayerClass } from 'dashjs';
import type { Authorizer, AuthorizedRequest } from '@gatecast/token';

export type CommonMediaRequest = Parameters<Parameters<MediaPlayerClass['addRequestInterceptor']>[0]>[0];
export type CommonMediaResponse = Parameters<Parameters<MediaPlayerClass['addResponseInterceptor']>[0]>[0];

/** A request that waits for its response. */
export interface SentRequest {
  readonly request: CommonMediaRequest;
  /** Absolute address of the request, without a token. */
  readonly url: string;
  readonly stream: string;
  readonly authorizer: Authorizer;
  readonly authorized: AuthorizedRequest;
  readonly sentAtMs: number;
  /** Aborts when dash.js needs no response. */
  readonly life: AbortController;
}
