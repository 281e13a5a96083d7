import { ContractDifference } from './expectation.js';

/** Limit that only ends a hang. */
const limitMs = 20_000;

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** @throws ContractDifference when it does not happen. */
export async function waitFor(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!(await isTrue())) {
    if (performance.now() > endMs) throw new ContractDifference(`${what} did not come`);
    await pause(20);
  }
}

/** What a promise rejects with, as an object; `null` if it resolves. */
export async function refusalOf(
  promise: Promise<unknown>,
): Promise<{ code?: unknown; name?: unknown; message?: unknown } | null> {
  try {
    await promise;
    return null;
  } catch (error) {
    return typeof error === 'object' && error !== null ? error : {};
  }
}

/** Whether a promise settles within a second. */
export async function settles(promise: Promise<unknown>): Promise<boolean> {
  const settled = promise.then(
    () => true,
    () => true,
  );
  return Promise.race([settled, pause(1000).then(() => false)]);
}
