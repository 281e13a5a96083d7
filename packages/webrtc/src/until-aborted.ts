/**
 * Waits for steps of a peer connection: those of one that is closed meanwhile never settle.
 *
 * @throws Error why the work failed; or the signal's reason, while the work goes on.
 * @see https://w3c.github.io/webrtc-pc/#dom-rtcpeerconnection-createoffer
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
