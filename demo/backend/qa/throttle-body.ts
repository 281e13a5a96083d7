import { setTimeout as sleep } from 'node:timers/promises';

const stepMs = 50;

/** Limits the bit rate of a body. It sends small chunks every 50 ms, like a slow network. */
export function throttleBody(
  body: ReadableStream<Uint8Array>,
  {
    kilobitsPerSecond,
    signal,
    onDone,
  }: { kilobitsPerSecond: number; signal: AbortSignal; onDone: () => void },
): ReadableStream<Uint8Array> {
  const bytesPerStep = Math.max(1, Math.floor((kilobitsPerSecond * stepMs) / 8));
  const slowDown = new TransformStream<Uint8Array, Uint8Array>({
    async transform(chunk, controller) {
      for (let at = 0; at < chunk.length; at += bytesPerStep) {
        await sleep(stepMs, undefined, { signal });
        controller.enqueue(chunk.subarray(at, at + bytesPerStep));
      }
    },
    flush: onDone,
  });
  return body.pipeThrough(slowDown, { signal });
}
