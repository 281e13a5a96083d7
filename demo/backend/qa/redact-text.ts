const tailLength = 6;

/** Returns the last six characters of a token, which may be shown. */
export function tailOf(token: string): string {
  return token.slice(-tailLength);
}

/** Query parameters whose value is always a secret. */
const secretParameter =
  /([?&;]|%3[fF]|%26)((?:token|jwt|jwtoken|access_token|signature|key)(?:=|%3[dD]))([^&;#]+?)(?=%26|[&;#]|$)/gi;
/** A JWT: base64url parts separated by dots. The first part begins with `{"`, which is `eyJ`. */
const jsonWebToken = /eyJ[\w-]{8,}(?:\.|%2[eE])[\w-]+(?:\.|%2[eE])[\w-]*/g;

/** Cuts every token in a path or query down to its last six characters. */
export function redactText(text: string): string {
  return text
    .replace(jsonWebToken, (token) => `…${tailOf(token)}`)
    .replace(secretParameter, (_, separator: string, parameter: string, value: string) => {
      return `${separator}${parameter}…${tailOf(value).replace('…', '')}`;
    });
}
