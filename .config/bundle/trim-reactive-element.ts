import type { Plugin } from 'vite';

// Own: the library has no build without what it keeps for older browsers, and terser cannot know that nothing runs it.

/** In a file of the library: what it contains, and what takes its place. */
interface Trim {
  readonly file: string;
  readonly code: string;
  readonly by: string;
}

/**
 * A browser that reads ES2022 has constructable style sheets, so needs no `<style>` in their place. The elements declare their properties without
 * decorators, and no polyfill of the library is loaded.
 */
const trims: readonly Trim[] = [
  {
    file: 'css-tag.js',
    code: 't.ShadowRoot&&(void 0===t.ShadyCSS||t.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype',
    by: '!0',
  },
  {
    file: 'css-tag.js',
    code: 'if(this._$cssResult$=!0,o!==s)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");',
    by: '',
  },
  {
    file: 'css-tag.js',
    code: `(t=>{if(!0===t._$cssResult$)return t.cssText;if("number"==typeof t)return t;throw Error("Value passed to 'css' function must be a 'css' function result: "+t+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(s)`,
    by: 's.cssText',
  },
  {
    file: 'css-tag.js',
    code: 'const s=this.t;if(e&&void 0===t){const e=void 0!==s&&1===s.length;e&&(t=o.get(s)),void 0===t&&((this.o=t=new CSSStyleSheet).replaceSync(this.cssText),e&&o.set(s,t))}return t',
    by: 'return t||(this.o=t=new CSSStyleSheet).replaceSync(this.cssText),t',
  },
  { file: 'reactive-element.js', code: 'p?.({ReactiveElement:y}),', by: '' },
  { file: 'reactive-element.js', code: 'p=a.reactiveElementPolyfillSupport,', by: '' },
  {
    file: 'reactive-element.js',
    code: 'const t=this[Symbol.metadata];if(null!==t){const s=litPropertyMetadata.get(t);if(void 0!==s)for(const[t,i]of s)this.elementProperties.set(t,i)}',
    by: '',
  },
  {
    file: 'reactive-element.js',
    code: 'Symbol.metadata??=Symbol("metadata"),a.litPropertyMetadata??=new WeakMap;',
    by: '',
  },
  {
    file: 'reactive-element.js',
    code: 'static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}',
    by: '',
  },
  { file: 'reactive-element.js', code: ',this.constructor.l?.forEach(t=>t(this))', by: '' },
  { file: 'reactive-element.js', code: ',void 0!==t.l&&(this.l=[...t.l])', by: '' },
];

/** Leaves out what the library of reactive elements has for browsers and decorators that gatecast.js does not know. */
export function trimReactiveElement(): Plugin {
  return {
    name: 'gatecast-trim-reactive-element',
    transform(source, id) {
      const [file] = /(?<=@lit\/reactive-element\/)[\w-]+\.js$/.exec(id) ?? [];
      let code = source;
      for (const trim of trims) {
        if (trim.file !== file) continue;
        if (!code.includes(trim.code))
          throw new Error(`${id} no longer contains what trim-reactive-element.ts leaves out: ${trim.code}`);
        code = code.replace(trim.code, () => trim.by);
      }
      return code === source ? null : { code, map: null };
    },
  };
}
