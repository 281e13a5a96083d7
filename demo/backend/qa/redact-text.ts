const tailLength = 6;

/** A token as it may be shown: its last six characters. */
export function tailOf(token: string): string {
  return token.slice(-tailLength);
}

/** Query parameters that hold a secret whatever it looks like. */
const secretParameter =
  /([?&;]|%3[fF]|%26)((?:token|jwt|jwtoken|access_token|signature|key)(?:=|%3[dD]))([^&;#]+?)(?=%26|[&;#]|$)/gi;
/** Three base64url parts, the first of which begins a JSON object. */
const jsonWebToken = /eyJ[\w-]{8,}(?:\.|%2[eE])[\w-]+(?:\.|%2[eE])[\w-]*/g;

/** Cuts every token in a path or query down to its last six characters. */
export function redactText(text: string): string {
  return text
    .replace(jsonWebToken, (token) => `…${tailOf(token)}`)
    .replace(secretParameter, (_, separator: string, parameter: string, value: string) => {
      return `${separator}${parameter}…${tailOf(value).replace('…', '')}`;
    });
}
