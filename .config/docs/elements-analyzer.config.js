// The analyzer writes where its manifest lies into package.json, unless it is told not to; this one is not published.
export default { packagejson: false };
