import 'axe-core';
import type * as axeCore from 'axe-core';

declare global {
  interface Window {
    /** Set by the axe-core module, which is a classic script. */
    axe: typeof axeCore;
  }
}

/** The accessibility rules that an element violates, with the first violating node of each. */
export async function accessibilityViolations(element: Element): Promise<string[]> {
  const { violations } = await window.axe.run(element);
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
}
