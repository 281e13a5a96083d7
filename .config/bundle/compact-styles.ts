import type { Plugin } from 'vite';

// Own: Vite compacts style sheets in files, but not those in templates of modules.

/** A style sheet in a template without values of the code. */
const STYLES = /\bcss`((?:[^`$\\]|\$(?!\{))*)`/g;

/** A style sheet without comments, indentation and spaces that mean nothing. Texts in it stay as they are. */
export function compactStyles(styles: string): string {
  const parts = styles.replace(/\/\*.*?\*\//gs, '').split(/("[^"]*"|'[^']*')/);
  return parts
    .map((part, index) => (index % 2 === 1 ? part : compactPart(part)))
    .join('')
    .trim();
}

function compactPart(part: string): string {
  return part
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};]) ?/g, '$1')
    .replace(/([:,]) /g, '$1')
    .replaceAll(';}', '}');
}

/** Leaves out of gatecast.js what only people read in the style sheets of our elements. */
export function compactStyleSheets(): Plugin {
  return {
    name: 'gatecast-compact-styles',
    transform(source, id) {
      if (!id.includes('/packages/')) return null;
      const code = source.replace(STYLES, (_, styles: string) => `css\`${compactStyles(styles)}\``);
      return code === source ? null : { code, map: null };
    },
  };
}
