import {
  GatecastError,
  startDeadline,
  type Clock,
  type TokenAnswer,
  type TokenFunction,
  type TokenRequest,
} from '@gatecast/token';
import type { FrameMessage, HostMessage } from './embed-messages.js';

type TokenAnswerMessage = Extract<HostMessage, { type: 'token-response' }>;

interface Question {
  readonly request: TokenRequest;
  readonly resolve: (answer: TokenAnswer | Response) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads the body of a response with the status 200.
 *
 * @throws GatecastError if the embed page does not allow what is in it.
 */
type ReadTokens = (body: string, streams: readonly string[]) => TokenAnswer;

/** The page may ask the viewer something before it responds, so it has more time than an endpoint. */
const LIMIT_MS = 30_000;

/** Asks the page around the frame for tokens. */
export class FrameTokens {
  readonly #questions = new Map<number, Question>();
  readonly #clock: Clock;
  readonly #read: ReadTokens;
  #send: ((message: FrameMessage) => void) | null = null;
  #lastId = 0;

  constructor(clock: Clock, read: ReadTokens) {
    this.#clock = clock;
    this.#read = read;
  }

  /**
   * Requests go to this port from now on, also those that the port before it has not responded to.
   *
   * @param send - `null` while no page is connected.
   */
  connect(send: ((message: FrameMessage) => void) | null): void {
    this.#send = send;
    for (const [id, { request }] of this.#questions) send?.(toMessage(id, request));
  }

  /**
   * The function for `tokenSource`.
   *
   * @param perStream - does the page fetch the tokens of each stream alone?
   */
  source(perStream: boolean): TokenFunction {
    const ask = (request: TokenRequest, { signal }: { signal: AbortSignal }) => this.#ask(request, signal);
    return Object.assign(ask, { perStream });
  }

  /** Takes a response. One that nobody waits for is ignored. */
  take(message: TokenAnswerMessage): void {
    const question = this.#questions.get(message.id);
    if (!question) return;
    const { status, body } = message;
    try {
      if (status === 0) throw unanswered('The page around the player got no token.');
      // Never as a response: its type could be one with media in it.
      question.resolve(status === 200 ? this.#read(body, question.request.streams) : toRefusal(message));
    } catch (error) {
      question.reject(error);
    }
  }

  async #ask(request: TokenRequest, signal: AbortSignal): Promise<TokenAnswer | Response> {
    const id = (this.#lastId += 1);
    const deadline = startDeadline(this.#clock, LIMIT_MS, signal);
    try {
      return await new Promise<TokenAnswer | Response>((resolve, reject) => {
        const cancel = () => {
          this.#send?.({ type: 'token-cancel', id });
          reject(
            deadline.isOver
              ? unanswered('The page around the player did not respond to a token request.')
              : (signal.reason as Error),
          );
        };
        if (deadline.signal.aborted) {
          cancel();
          return;
        }
        deadline.signal.addEventListener('abort', cancel, { once: true });
        this.#questions.set(id, { request, resolve, reject });
        this.#send?.(toMessage(id, request));
      });
    } finally {
      this.#questions.delete(id);
      deadline.end();
    }
  }
}

function toMessage(id: number, { purpose, streams, reason }: TokenRequest): FrameMessage {
  return { type: 'token-request', id, purpose, streams: [...streams], reason };
}

/** Statuses below 400 mean a redirect or a response without body, which a page does not hand on. */
function toRefusal({ status, body, contentType, retryAfter }: TokenAnswerMessage): Response {
  const isRefusal = status >= 400;
  const headers = new Headers();
  for (const [name, value] of [
    ['Content-Type', contentType],
    ['Retry-After', retryAfter],
  ] as const)
    if (/^[\t\x20-\x7e]+$/.test(value)) headers.set(name, value);
  return new Response(isRefusal ? body : '', { status: isRefusal ? status : 502, headers });
}

function unanswered(message: string): GatecastError {
  return new GatecastError('token-source-failed', message, {
    hint: 'See the console of the page around the frame: its tokenSource must return a response.',
    retryable: true,
  });
}
