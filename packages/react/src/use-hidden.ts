import * as React from 'react';

/** Reacts to an element that is hidden; returns what reacts when it is shown again. */
export type Hide<Element extends HTMLElement> = (element: Element) => () => void;

/**
 * Calls `hide` when React hides the element and keeps it in the document: in a hidden `<Activity>`, where Next.js keeps
 * routes that were left, or while a `<Suspense>` around it shows its fallback. React then only cleans up layout effects.
 *
 * A real unmount and the double effects of StrictMode clean them up, too. After the commit the element is no longer in
 * the document, or its effect runs again.
 */
export function useHidden<Element extends HTMLElement>(
  elementRef: Readonly<React.RefObject<Element | null>>,
  hide: Hide<Element>,
  useBrowserEffect: typeof React.useLayoutEffect,
): void {
  const state = React.useRef<{ isShown: boolean; show?: (() => void) | undefined }>({ isShown: false });
  useBrowserEffect(() => {
    const { current } = state;
    const element = elementRef.current;
    current.isShown = true;
    current.show?.();
    current.show = undefined;
    return () => {
      current.isShown = false;
      queueMicrotask(() => {
        if (!current.isShown && element?.isConnected) current.show ??= hide(element);
      });
    };
  }, []);
}
