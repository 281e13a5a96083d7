import { type TemplateResult, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { Panel } from '../../shared/panels/panel.js';
import { type Inspection, inspectSecret } from './inspect-secret.js';
import type { SecretPart } from './secret-part.js';
import { type SignatureCheck, verifySignature } from './verify-signature.js';

/** Decodes a pasted token, or one that is requested as the player does, in the page. A pasted token is never sent. */
@customElement('token-inspector')
export class TokenInspector extends Panel {
  override heading = 'Token inspector';
  override note = 'Decodes a token in this page. A pasted token is not sent; only public keys are requested.';
  /** Requests a token of the player, and resolves with what carries it. */
  @property({ attribute: false }) request: (() => Promise<string>) | null = null;
  @state() private inspection: Inspection = { kind: 'empty' };
  @state() private check: SignatureCheck | null = null;
  @state() private jwksUrl = new URL('/.well-known/jwks.json', document.baseURI).href;

  #run: AbortController | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#run?.abort();
  }

  async #onInput({ currentTarget }: Event): Promise<void> {
    const text = currentTarget instanceof HTMLTextAreaElement ? currentTarget.value : '';
    await this.#inspect(text);
  }

  async #inspect(text: string): Promise<void> {
    this.check = null;
    // Load the server package on the first input: only the inspector needs it.
    const { explainStsOptions: explain, printable, issuerTypes } = await import('@gatecast/server');
    const readSchemes = (given: string) => issuerTypes.flatMap(({ scheme }) => scheme?.inspect(given) ?? []);
    this.inspection = inspectSecret(text, Date.now(), { explain, printable, readSchemes });
  }

  /** The text field stays empty: a requested token is not shown. */
  async #onRequest(): Promise<void> {
    const field = this.querySelector('textarea');
    if (field) field.value = '';
    try {
      await this.#inspect((await this.request?.()) ?? '');
    } catch (error) {
      this.inspection = {
        kind: 'unknown',
        words: error instanceof Error ? error.message : 'No token was returned.',
      };
    }
  }

  async #verify(): Promise<void> {
    const { inspection, jwksUrl } = this;
    if (inspection.kind !== 'jwt') return;
    this.#run?.abort();
    const run = new AbortController();
    this.#run = run;
    if (!URL.canParse(jwksUrl, document.baseURI)) {
      this.check = { isGood: false, words: 'The JWKS URL is not valid.' };
      return;
    }
    const check = await verifySignature(inspection.jwt, {
      jwksUrl: new URL(jwksUrl, document.baseURI).href,
      fetch: globalThis.fetch.bind(globalThis),
      signal: run.signal,
    });
    if (!run.signal.aborted) this.check = check;
  }

  #onJwksUrl({ currentTarget }: Event): void {
    if (currentTarget instanceof HTMLInputElement) this.jwksUrl = currentTarget.value.trim();
    this.check = null;
  }

  protected override renderBody(): TemplateResult {
    const { inspection, check } = this;
    return html`<label class="field"
        >A JWT, a security object, or a CDN token (as URL, query, path, header or cookie)
        <textarea
          rows="4"
          autocomplete="off"
          spellcheck="false"
          placeholder='eyJ… or https://…?Policy=… or { "token": …, "options": … }'
          @input=${this.#onInput}
        ></textarea>
      </label>
      ${
        this.request
          ? html`<button type="button" class="button" @click=${this.#onRequest}>
              Inspect a player token
            </button>`
          : nothing
      }
      <div class="keys">
        <label class="field"
          >JWKS URL
          <input
            type="url"
            autocomplete="off"
            spellcheck="false"
            .value=${this.jwksUrl}
            @input=${this.#onJwksUrl}
        /></label>
        <button type="button" class="button" ?disabled=${inspection.kind !== 'jwt'} @click=${this.#verify}>
          Check signature
        </button>
      </div>
      <div role="status">
        ${check ? html`<p class="result ${check.isGood ? 'good' : 'bad'}">${check.words}</p>` : nothing}
        ${inspection.kind === 'unknown' ? html`<p class="result bad">${inspection.words}</p>` : nothing}
      </div>
      ${'parts' in inspection ? inspection.parts.map(renderPart) : nothing}`;
  }
}

function renderPart({ title, rows }: SecretPart): TemplateResult {
  return html`<h3>${title}</h3>
    <dl>
      ${rows.map(
        ({ name, value, words }) =>
          html`<div>
            <dt><bdi>${name}</bdi></dt>
            <dd>
              ${value === '' ? nothing : html`<code><bdi>${value}</bdi></code>`}${words === '' ? nothing : html`<span>${words}</span>`}
            </dd>
          </div>`,
      )}
    </dl>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'token-inspector': TokenInspector;
  }
}
