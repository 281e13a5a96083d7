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
 * decorators, and no polyfill of the library is loaded. What they declare is simple: test/tooling/trimmed-library.test.ts says how.
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
  {
    file: 'reactive-element.js',
    code: 'a=globalThis,c=a.trustedTypes,l=c?c.emptyScript:"",',
    by: '',
  },
  {
    file: 'reactive-element.js',
    code: 'getOwnPropertyDescriptor:h,getOwnPropertyNames:r,getOwnPropertySymbols:o,',
    by: 'getOwnPropertyNames:r,',
  },
  {
    file: 'reactive-element.js',
    code: 'toAttribute(t,s){switch(s){case Boolean:t=t?l:null;break;case Object:case Array:t=null==t?t:JSON.stringify(t)}return t},fromAttribute(t,s){let i=t;switch(s){case Boolean:i=null!==t;break;case Number:i=null===t?null:Number(t);break;case Object:case Array:try{i=JSON.parse(t)}catch(t){i=null}}return i}',
    by: 'toAttribute:(t,s)=>s===Boolean?t?"":null:t,fromAttribute:(t,s)=>s===Boolean?null!==t:s===Number&&null!==t?Number(t):t',
  },
  {
    file: 'reactive-element.js',
    code: 'b={attribute:!0,type:String,converter:u,reflect:!1,useDefault:!1,hasChanged:f}',
    by: 'b={}',
  },
  {
    file: 'reactive-element.js',
    code: 's.state&&(s.attribute=!1),',
    by: '',
  },
  {
    file: 'reactive-element.js',
    code: ',this.prototype.hasOwnProperty(t)&&((s=Object.create(s)).wrapped=!0)',
    by: '',
  },
  {
    file: 'reactive-element.js',
    code: 'const i=Symbol(),h=this.getPropertyDescriptor(t,i,s);void 0!==h&&e(this.prototype,t,h)}}static getPropertyDescriptor(t,s,i){const{get:e,set:r}=h(this.prototype,t)??{get(){return this[s]},set(t){this[s]=t}};return{get:e,set(s){const h=e?.call(this);r?.call(this,s),this.requestUpdate(t,h,i)},configurable:!0,enumerable:!0}}',
    by: 'const i=Symbol();e(this.prototype,t,{get(){return this[i]},set(e){const h=this[i];this[i]=e,this.requestUpdate(t,h,s)},configurable:!0,enumerable:!0})}}',
  },
  {
    file: 'reactive-element.js',
    code: ',s=[...r(t),...o(t)];for(const i of s)',
    by: ';for(const i of r(t))',
  },
  {
    file: 'reactive-element.js',
    code: 'this.finalizeStyles(this.styles)}static finalizeStyles(s){const i=[];if(Array.isArray(s)){const e=new Set(s.flat(1/0).reverse());for(const s of e)i.unshift(t(s))}else void 0!==s&&i.push(t(s));return i}',
    by: 'this.styles?[t(this.styles)]:[]}',
  },
  {
    file: 'reactive-element.js',
    code: '!1===i?void 0:"string"==typeof i?i:"string"==typeof t?t.toLowerCase():void 0',
    by: '!1===i?void 0:i??t.toLowerCase()',
  },
  {
    file: 'reactive-element.js',
    code: 'this._$Ep=void 0,this.isUpdatePending',
    by: 'this.isUpdatePending',
  },
  {
    file: 'reactive-element.js',
    code: ',this._$Ev()}_$Ev(){this',
    by: ',this',
  },
  {
    file: 'reactive-element.js',
    code: 'attributeChangedCallback(t,s,i){this._$AK(t,i)}',
    by: '',
  },
  {
    file: 'reactive-element.js',
    code: '_$AK(t,s){',
    by: 'attributeChangedCallback(t,h,s){',
  },
  {
    file: 'reactive-element.js',
    code: '(void 0!==i.converter?.toAttribute?i.converter:u).toAttribute(s,i.type)',
    by: 'u.toAttribute(s,i.type)',
  },
  {
    file: 'reactive-element.js',
    code: ',h="function"==typeof t.converter?{fromAttribute:t.converter}:void 0!==t.converter?.fromAttribute?t.converter:u;this._$Em=e;const r=h.fromAttribute(s,t.type)',
    by: ';this._$Em=e;const r=(t.converter??u.fromAttribute)(s,t.type)',
  },
  {
    file: 'reactive-element.js',
    code: 'requestUpdate(t,s,i,e=!1,h){if(void 0!==t){const r=this.constructor;if(!1===e&&(h=this[t]),i??=r',
    by: 'requestUpdate(t,s,i){if(void 0!==t){const r=this.constructor,h=this[t];if(i??=r',
  },
  {
    file: 'reactive-element.js',
    code: '(i.hasChanged??f)(h,s)',
    by: 'f(h,s)',
  },
  {
    file: 'reactive-element.js',
    code: 'C(t,s,{useDefault:i,reflect:e,wrapped:h},r){i&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,r??s??this[t]),!0!==h||void 0!==r)||(',
    by: 'C(t,s,{useDefault:i,reflect:e}){i&&!(this._$Ej??=new Map).has(t)?this._$Ej.set(t,s??this[t]):(',
  },
  {
    file: 'reactive-element.js',
    code: 'const t=this.constructor.elementProperties;if(t.size>0)for(const[s,i]of t){const{wrapped:t}=i,e=this[s];!0!==t||this._$AL.has(s)||void 0===e||this.C(s,void 0,i,e)}',
    by: '',
  },
  {
    file: 'reactive-element.js',
    code: 'const t=this.scheduleUpdate();return null!=t&&await t,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}',
    by: 'return this.performUpdate(),!this.isUpdatePending}',
  },
  {
    file: 'reactive-element.js',
    code: 'let t=!1;const s=this._$AL;try{t=this.shouldUpdate(s),t?(this.willUpdate(s),this._$EO?.forEach(t=>t.hostUpdate?.()),this.update(s)):this._$EM()}catch(s){throw t=!1,this._$EM(),s}t&&this._$AE(s)',
    by: 'const s=this._$AL;try{this.willUpdate(s),this._$EO?.forEach(t=>t.hostUpdate?.()),this.update(s)}catch(s){throw this._$EM(),s}this._$AE(s)',
  },
  {
    file: 'reactive-element.js',
    code: 'this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(t))',
    by: 'this.hasUpdated=!0',
  },
  {
    file: 'reactive-element.js',
    code: 'get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(t){return!0}',
    by: 'get updateComplete(){return this._$ES}',
  },
  {
    file: 'reactive-element.js',
    code: 'firstUpdated(t){}',
    by: '',
  },
  {
    file: 'reactive-element.js',
    code: ',(a.reactiveElementVersions??=[]).push("2.1.2")',
    by: '',
  },
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
