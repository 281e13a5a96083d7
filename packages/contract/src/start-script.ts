// Written by `npm run start-line` from packages/player/src/start/start-line.ts.

/**
 * The inline script that starts the players of a page before gatecast.js is there. Its element has the addresses of the
 * engine's modules in `data-parts`, separated by spaces, so that the script and its hash are the same on every page.
 */
export const START_SCRIPT =
  '{let e,t=document,n={},r=(e,n,r="")=>t.head.append(Object.assign(t.createElement("link"),{rel:e,href:n,crossOrigin:r,fetchPriority:"high"}));for(let e of t.hidden?[]:t.querySelectorAll("secure-player[src][token-url]:not(:defined,[engine],[dpop],[preload^=n],[loading^=l],[token-placement$=e],:has(source))"))try{let i=t=>e.getAttribute(t)??void 0,o=e=>new URL(i(e),t.baseURI),a=o("src"),l=i("stream")||/\\/([^%/]+?)(\\.m3u8)?$/i.exec(a.pathname)[1];Object.keys(e)[0]||((n[o("token-url")]??=[i("token-credentials")]).push(l),e.x=1,a.origin!==origin&&r("preconnect",a.origin,i("crossorigin")))}catch{}for(let t in n){let[r,...i]=new Set(n[t]),o="application/json";(self[Symbol.for("gatecast")]??=[]).push(e=[t,r,i,Date.now(),fetch(t,{method:"POST",headers:{"Content-Type":o,Accept:o+",application/jwt,text/plain,multipart/mixed"},body:JSON.stringify({purpose:"playback",streams:i,reason:"initial"}),credentials:r}).then(e=>[e,Date.now()],e=>[e])])}if(e)for(let e of t.currentScript.dataset.parts.split(" "))r("modulepreload",e)}';

/** Its source expression for `script-src` in a Content Security Policy. */
export const START_SCRIPT_HASH = 'sha256-tpPL2smBYKvBWiUhQWKuFN7RduE/B0ejCbenglYB8Zk=';
