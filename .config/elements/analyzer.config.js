// The analyzer must not write the path of this manifest, which is not published, into package.json.
export default { litelement: true, globs: ['src/**/*.ts'], packagejson: false, quiet: true };
