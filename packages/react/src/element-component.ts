import * as React from 'react';
import type { ElementProps, EventNames } from './element-props.js';
import { PropWriter } from './prop-writer.js';
import { useHidden, type Hide } from './use-hidden.js';

/** A React component for a custom element. */
export type ElementComponent<
  Element extends HTMLElement,
  Events extends EventNames,
  Others = unknown,
> = React.ForwardRefExoticComponent<ElementProps<Element, Events, Others> & React.RefAttributes<Element>>;

export interface ElementComponentOptions<Element extends HTMLElement> {
  readonly tagName: string;
  /** Its prototype says which props are properties. */
  readonly elementClass: { readonly prototype: Element };
  readonly displayName: string;
  readonly events: EventNames;
  /** Other spellings of properties, by the spelling. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Called when React has hidden the element but left it in the document. */
  readonly hide: Hide<Element>;
}

/** Props that React itself handles for a custom element. */
const REACT_PROPS = new Set(['children', 'localName', 'ref', 'style', 'className']);

// React 18 warns of layout effects on a server, where no effect runs.
const useBrowserEffect = 'document' in globalThis ? React.useLayoutEffect : React.useEffect;

/**
 * Makes a React component of a custom element. Own: `@lit/react` sets all properties again with each render, which undoes
 * what the viewer has changed (`muted`), and does not see that React has hidden the element.
 */
export function elementComponent<Element extends HTMLElement, Events extends EventNames, Others = unknown>({
  tagName,
  elementClass: { prototype },
  displayName,
  events,
  aliases = {},
  hide,
}: ElementComponentOptions<Element>): ElementComponent<Element, Events, Others> {
  const Component = React.forwardRef<Element, Readonly<Record<string, unknown>>>((props, ref) => {
    const elementRef = React.useRef<Element | null>(null);
    const writerRef = React.useRef<PropWriter | null>(null);
    const ofReact: Record<string, unknown> = {};
    const ofElement = new Map<string, unknown>();
    for (const [given, value] of Object.entries(props)) {
      const name = aliases[given] ?? given;
      // React does not translate `className` for custom elements.
      if (REACT_PROPS.has(given)) ofReact[given === 'className' ? 'class' : given] = value;
      else if (given in events || name in prototype) ofElement.set(name, value);
      else ofReact[given] = value;
    }
    useBrowserEffect(() => {
      if (!elementRef.current) return;
      writerRef.current ??= new PropWriter(elementRef.current, events);
      writerRef.current.write(ofElement);
    });
    useHidden(elementRef, hide, useBrowserEffect);
    const setElement = React.useCallback(
      (element: Element | null) => {
        elementRef.current = element;
        if (typeof ref !== 'function') {
          if (ref) ref.current = element;
          return undefined;
        }
        // React 19 calls what a ref returns when the element is removed.
        const setRef: (element: Element | null) => unknown = ref;
        return setRef(element) as (() => void) | undefined;
      },
      [ref],
    );
    return React.createElement(tagName, { ...ofReact, ref: setElement, suppressHydrationWarning: true });
  });
  Component.displayName = displayName;
  return Component as ElementComponent<Element, Events, Others>;
}
