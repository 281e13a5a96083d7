// Tags are for browsers: a server that imports the package gets calls that do nothing.
export function allowVendorScripts() {}
export async function setPlayerMessages() {}
export async function setWebcasterMessages() {}
