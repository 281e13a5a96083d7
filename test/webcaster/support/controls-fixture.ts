import type { SecureWebcaster } from '@gatecast/webcaster';
import { mountWebcaster, until } from './webcaster-fixture.js';

export async function mountWithControls(attributes: Record<string, string> = {}): Promise<SecureWebcaster> {
  const { webcaster } = mountWebcaster({ controls: '', ...attributes });
  await until(() => webcaster.renderRoot.querySelector('[part~="start-button"]') !== null, 'controls');
  return webcaster;
}

/** The element that renders the controls. */
export function controlsOf(webcaster: SecureWebcaster): HTMLElement {
  const controls = webcaster.renderRoot.querySelector<HTMLElement>('[part~="controls"]');
  if (!controls) throw new Error('There are no controls.');
  return controls;
}

/** The accessible name of a button. */
export function nameOf(button: Element): string {
  return (button.getAttribute('aria-label') ?? button.textContent).trim();
}

export function button(webcaster: SecureWebcaster, name: string): HTMLButtonElement {
  const all = [...webcaster.renderRoot.querySelectorAll('button')];
  const found = all.find((each) => nameOf(each) === name);
  if (!found) throw new Error(`There is no button "${name}".`);
  return found;
}
