// Tags are for browsers: a server that imports the package gets calls that do nothing.
export function allowVendorScripts() {}
export async function setPlayerMessages() {}
export async function setWebcasterMessages() {}
export function tokenEndpoint() {
  return async () => {};
}
export class GatecastError extends Error {
  name = 'GatecastError';
  constructor(
    code,
    message,
    { hint, retryable = false, status, retryAfterMs, vendorCode, reason, ...cause },
  ) {
    super(message, cause);
    const shown = typeof reason === 'string' ? reason.slice(0, 200) : undefined;
    Object.assign(this, { code, hint, retryable, status, retryAfterMs, vendorCode, reason: shown });
  }
  toJSON() {
    const { code, message, hint, retryable, status, vendorCode } = this;
    return { code, message, hint, retryable, status, vendorCode };
  }
}
