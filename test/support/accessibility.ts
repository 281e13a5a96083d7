import 'axe-core';
import type * as axeCore from 'axe-core';

declare global {
  interface Window {
    /** What the module, a script at heart, leaves behind. */
    axe: typeof axeCore;
  }
}

/** The accessibility rules that an element breaks, with the first place where it does. */
export async function accessibilityViolations(element: Element): Promise<string[]> {
  const { violations } = await window.axe.run(element);
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
}
