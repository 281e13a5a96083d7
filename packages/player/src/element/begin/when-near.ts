import type { BeginHost } from './begin-elsewhere.js';

/** As far from the edges of the viewport as browsers load images on a fast network. */
const MARGIN = '1250px';

/**
 * Lets an element load when it is in the viewport or comes near it. From then on it is not lazy.
 *
 * @param signal - ends the wait.
 */
export function whenNear({ element }: Pick<BeginHost, 'element'>, signal: AbortSignal): void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      element.loading = 'eager';
    },
    { rootMargin: MARGIN },
  );
  observer.observe(element);
  signal.addEventListener(
    'abort',
    () => {
      observer.disconnect();
    },
    { once: true },
  );
}
