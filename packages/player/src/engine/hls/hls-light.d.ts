// hls.js ships one set of declarations for both of its builds.
declare module 'hls.js/light' {
  export { default } from 'hls.js';
}
