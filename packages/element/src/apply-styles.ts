/** A style of lit, or a style sheet of the page. */
export type ElementStyle = CSSStyleSheet | LitStyle;

interface LitStyle {
  readonly cssText: string;
  /** Made for the document in which lit was loaded; `undefined` where browsers have no constructed style sheets. */
  readonly styleSheet?: CSSStyleSheet | undefined;
}

const applied = new WeakMap<ShadowRoot, readonly ElementStyle[]>();

/**
 * Sets the styles of a shadow root, for the document that it is in. Call it without `styles` in `adoptedCallback`: a browser
 * removes constructed style sheets when an element moves to another document, such as that of an iframe or of a
 * picture-in-picture window, and does not allow those of the old document there.
 *
 * @param styles - all styles of the root. @defaultValue those of the last call
 * @see https://www.w3.org/TR/cssom-1/#dom-documentorshadowroot-adoptedstylesheets
 */
export function applyStyles(root: ShadowRoot, styles = applied.get(root) ?? []): void {
  const before = applied.get(root);
  applied.set(root, styles);
  const { defaultView } = root.ownerDocument;
  const sheets = styles.map((style) => ('styleSheet' in style ? style.styleSheet : (style as CSSStyleSheet)));
  if (!sheets.includes(undefined)) {
    if (defaultView === null) return;
    root.adoptedStyleSheets =
      defaultView === globalThis.window
        ? (sheets as CSSStyleSheet[])
        : styles.map((style) => {
            const sheet = new defaultView.CSSStyleSheet();
            sheet.replaceSync(textOf(style));
            return sheet;
          });
    return;
  }
  // Style elements stay in the root when it moves.
  for (const style of styles) {
    if (before?.includes(style)) continue;
    const element = document.createElement('style');
    element.textContent = textOf(style);
    root.append(element);
  }
}

function textOf(style: ElementStyle): string {
  return 'cssText' in style ? style.cssText : Array.from(style.cssRules, ({ cssText }) => cssText).join('\n');
}
