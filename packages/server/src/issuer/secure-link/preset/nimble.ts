import { md5 } from '@noble/hashes/legacy.js';
import { fromBase64, toBase64, utf8 } from '../../bytes.js';
import { streamPath, type SecureLinkPreset } from './secure-link-preset.js';

const SIGNATURE =
  /^server_time=(\d+\/\d+\/\d{4} \d+:\d\d:\d\d [AP]M)&hash_value=[\w+/]{22}==&validminutes=(\d{1,7})(?:&strm_len=(\d{1,4}))?$/;

/**
 * WMSAuth of Nimble Streamer: base64 of `server_time`, `hash_value`, `validminutes` and `strm_len`, with the MD5 of the address of
 * the viewer, the key, the time, the minutes and the name of the stream.
 *
 * @see https://blog.wmspanel.com/2014/10/stream-name-hotlink-protection.html
 */
export const nimble: SecureLinkPreset = {
  title: 'Nimble Streamer wmsAuthSign',
  fieldNames: () => ['wmsAuthSign'],

  sign({ path, startsAt, expiresAt, ip = '', secret }) {
    const minutes = Math.ceil((expiresAt - startsAt) / 60);
    // Earlier than the start by less than a minute, so that it ends on the second.
    const time = serverTime(expiresAt - minutes * 60);
    const name = streamPath(path);
    const hash = toBase64(md5(utf8(`${ip}${secret}${time}${String(minutes)}${name}`)));
    const signature = `server_time=${time}&hash_value=${hash}&validminutes=${String(minutes)}&strm_len=${String(name.length)}`;
    return Promise.resolve({ wmsAuthSign: btoa(signature) });
  },

  read(pairs) {
    const bytes = fromBase64(new Map(pairs).get('wmsAuthSign') ?? '');
    const [, time, minutes, length] = SIGNATURE.exec(new TextDecoder().decode(bytes ?? undefined)) ?? [];
    if (time === undefined) return null;
    const startsAt = Date.parse(`${time} UTC`) / 1000;
    return {
      startsAt,
      expiresAt: startsAt + Number(minutes) * 60,
      fields: [
        ['server_time', time],
        ['validminutes', minutes],
        ['strm_len', length],
      ],
      warnings: length === undefined ? ['The signature has no strm_len, so that it opens every stream.'] : [],
    };
  },
};

/** In UTC, as `gmdate('n/j/Y g:i:s A')` of PHP writes it: `2/20/2024 7:03:20 PM`. */
function serverTime(seconds: number): string {
  const at = new Date(seconds * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = at.getUTCHours();
  const date = [at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCFullYear()].join('/');
  const time = [hours % 12 || 12, two(at.getUTCMinutes()), two(at.getUTCSeconds())].join(':');
  return `${date} ${time} ${hours < 12 ? 'AM' : 'PM'}`;
}
