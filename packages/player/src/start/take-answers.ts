import { endpointName, startedRequests } from '@gatecast/contract';

/**
 * Takes out of the document the token responses that the server has put there (`answerScript` of @gatecast/server). They
 * count as requests that left with the request for the page.
 */
export function takeAnswers(): void {
  for (const script of document.querySelectorAll<HTMLScriptElement>('script[data-gatecast]')) {
    const [credentials, url = '', ...streams] = (script.dataset['gatecast'] ?? '').split('\n');
    startedRequests().push({
      endpoint: endpointName(new URL(url, document.baseURI).href, credentials as RequestCredentials),
      streams,
      sentAtMs: performance.timeOrigin,
      answeredAtMs: Date.now(),
      response: Promise.resolve(new Response(script.text)),
    });
    script.remove();
  }
}
