/**
 * Only ends a wait for an event that never happens. It is not a limit for performance: on a busy machine everything
 * takes many times longer.
 */
export const HANG_LIMIT_MS = 60_000;

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/**
 * Resolves when a condition holds. Checks it every 20 ms.
 * @throws Error when it does not hold in time.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  limitMs = HANG_LIMIT_MS,
): Promise<void> {
  const deadlineMs = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error(`Waited ${limitMs / 1000} s for ${what}.`);
    await pause(20);
  }
}
