import type { RtcUserEvent } from './rtc-user.js';

/** State number of `broadcasting` in the vendor's documentation. */
const BROADCASTING = 6;

/** Does this status say that media reaches the vendor's server? `StartBroadcastSuccess` comes before it. */
export function isBroadcasting(event: RtcUserEvent): boolean {
  return statusOf(event) === 'broadcasting' || event.data?.state === BROADCASTING;
}

/** Is the server (`reconnecting`) or the client (`reconnecting_broadcast`) connecting again? */
export function isReconnecting(event: RtcUserEvent): boolean {
  return statusOf(event).startsWith('reconnecting');
}

/** The code and text of an error event, wherever the build puts them. */
export function readEventError({ error, data }: RtcUserEvent): {
  readonly code: number | undefined;
  readonly text: string | undefined;
} {
  const inData = typeof data?.error === 'object' ? data.error : undefined;
  const texts = [
    error?.message,
    error?.text,
    inData?.message,
    inData?.text,
    typeof data?.error === 'string' ? data.error : undefined,
    data?.message,
    data?.text,
  ];
  const text = texts.find((each) => typeof each === 'string' && each !== '');
  const codes = [error?.code, inData?.code, data?.code, codeInText(text)];
  return { code: codes.find((code) => typeof code === 'number'), text };
}

/** Old builds report a text only. It may end with the code, as in "… (3000)". */
function codeInText(text: string | undefined): number | undefined {
  const code = text && /\((\d{4,6})\)\s*$/.exec(text)?.[1];
  return code ? Number(code) : undefined;
}

function statusOf({ message, data }: RtcUserEvent): string {
  const status: unknown = data?.message ?? data?.text ?? message;
  return typeof status === 'string' ? status : '';
}
