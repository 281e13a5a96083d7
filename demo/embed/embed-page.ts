import { connectEmbed, type EmbedState } from '@gatecast/player/embed';
import type { TokenFunction } from '@gatecast/token';
import { findElement } from '../shared/find-element.js';
import { removeLoadNotice } from '../shared/load-notice.js';

/** The server has two names, which are two origins and two sites. */
const other = location.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
const origin = `http://${other}:${location.port}`;
const MESSAGE_LIMIT = 50;

const frame = findElement('frame', HTMLIFrameElement);
const refuse = findElement('refuse', HTMLInputElement);
const shownState = findElement('state', HTMLOutputElement);
const messages = findElement('messages', HTMLPreElement);
const buttons = {
  play: findElement('play', HTMLButtonElement),
  mute: findElement('mute', HTMLButtonElement),
  refresh: findElement('refresh', HTMLButtonElement),
};
const lines: string[] = [];

/** Fetches tokens with the session of this page, or refuses them as a backend does. */
const tokenSource: TokenFunction = (request, { signal }) => {
  show(`token request: ${request.streams.join(', ')} (${request.reason})`);
  if (refuse.checked) {
    const headers = { 'Content-Type': 'application/problem+json' };
    return new Response(JSON.stringify({ code: 'revoked' }), { status: 403, headers });
  }
  const headers = { 'Content-Type': 'application/json' };
  return fetch('/api/tokens', { method: 'POST', headers, body: JSON.stringify(request), signal });
};

function show(line: string): void {
  lines.unshift(`${new Date().toLocaleTimeString()} ${line}`);
  messages.textContent = lines.slice(0, MESSAGE_LIMIT).join('\n');
  lines.length = Math.min(lines.length, MESSAGE_LIMIT);
}

function describe({ paused, muted, currentTime }: EmbedState): string {
  return `${paused ? 'paused' : 'plays'}, ${muted ? 'muted' : 'with sound'}, ${currentTime.toFixed(0)} s`;
}

function showState(state: EmbedState): void {
  shownState.textContent = describe(state);
  buttons.play.textContent = state.paused ? 'Play' : 'Pause';
  buttons.mute.textContent = state.muted ? 'Unmute' : 'Mute';
}

const embed = connectEmbed(frame, { origin, tokenSource });
const failed = (error: unknown): void => show(String(error));

embed.addEventListener('embed-connected', () => {
  show('connected');
  for (const button of Object.values(buttons)) button.disabled = false;
  embed
    .setMuted(true)
    .then(() => embed.play())
    .catch(failed);
});
embed.addEventListener('embed-state', () => {
  if (embed.state) showState(embed.state);
});
embed.addEventListener('embed-token-refreshed', ({ stream, reason }) =>
  show(`new token: ${stream} (${reason})`),
);
embed.addEventListener('embed-token-failed', ({ stream, problem }) =>
  show(`no token: ${stream} (${problem.code})`),
);
embed.addEventListener('embed-error', ({ problem }) => show(`error: ${problem.code}`));
buttons.play.addEventListener('click', () => {
  (embed.state?.paused === false ? embed.pause() : embed.play()).catch(failed);
});
buttons.mute.addEventListener('click', () => {
  embed.setMuted(embed.state?.muted === false).catch(failed);
});
buttons.refresh.addEventListener('click', () => {
  embed.refreshToken().catch(failed);
});

findElement('html', HTMLPreElement).textContent = `<iframe
  src="${origin}/gatecast-embed.html?src=/live/demo.m3u8"
  allow="autoplay; fullscreen; picture-in-picture; encrypted-media; screen-wake-lock"
  title="Live stream"
></iframe>
<script type="module">
  import { connectEmbed } from '${location.origin}/gatecast-embed-host.js';

  connectEmbed(document.querySelector('iframe'), {
    origin: '${origin}',
    tokenSource: (request, { signal }) =>
      fetch('/api/tokens', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(request),
        signal,
      }),
  });
</script>`;
frame.src = `${origin}/gatecast-embed.html?src=/live/demo.m3u8`;
void removeLoadNotice();
