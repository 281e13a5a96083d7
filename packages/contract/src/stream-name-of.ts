/** The stream name in a playlist URL: the file name without `.m3u8`. */
export function streamNameOf(url: string): string {
  const file =
    url
      .replace(/(?:[?#]|%3f).*/is, '')
      .split('/')
      .pop() ?? '';
  const name = file.replace(/\.m3u8$/i, '');
  try {
    // A URL may contain "%" without digits after it, which is not an escape.
    return decodeURIComponent(name.replace(/%(?![\da-f]{2})/gi, '%25'));
  } catch {
    // The bytes are not UTF-8.
    return name;
  }
}
