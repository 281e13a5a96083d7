// The page is rendered at build time, so `next build` writes static files to `out`.
export default { output: 'export' };
