/**
 * The cases cannot run: nothing was tested. The message is one line. It contains no query and no token.
 *
 * @example
 * ```ts
 * await runCases(options).catch((error) => {
 *   if (error instanceof QaError && error.reason === 'page') console.error(error.message);
 *   else throw error;
 * });
 * ```
 */
export class QaError extends Error {
  override readonly name = 'QaError';
  /** `page`: the page cannot be opened, or has no element. `browser`: the browser cannot be started. */
  readonly reason: 'page' | 'browser';

  constructor(reason: 'page' | 'browser', message: string) {
    super(message);
    this.reason = reason;
  }
}
