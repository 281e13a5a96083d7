import { languageOf, LanguageWatch } from '@gatecast/element';
import { loadMessages, messagesWithoutLoading } from '../messages/load-messages.js';
import { webcasterMessageTables, type WebcasterMessages } from '../messages/message-tables.js';
import { messagesEn } from '../messages/messages-en.js';
import type { ControlsHost } from './controls-host.js';

/** The texts of the controls in the language of the element. English until they are loaded, and where they cannot be. */
export class ControlsTexts {
  readonly #host: ControlsHost;
  readonly #watch: LanguageWatch;
  readonly #stopListening: () => void;
  #messages: WebcasterMessages = messagesEn;
  #language = '';
  /** Loads the texts; each change of the language or of a table begins again. */
  #loading = new AbortController();

  constructor(host: ControlsHost) {
    this.#host = host;
    this.#watch = new LanguageWatch(host, () => host.requestUpdate());
    this.#stopListening = webcasterMessageTables.onChanged(() => void this.#load());
    this.update();
  }

  get messages(): WebcasterMessages {
    return this.#messages;
  }

  /** The language tag that the texts are wanted in. */
  get language(): string {
    return this.#language;
  }

  /** Follows the language of the element, which is updated when it changes. */
  update(): void {
    this.#watch.update();
    if (languageOf(this.#host) !== this.#language) void this.#load();
  }

  stop(): void {
    this.#loading.abort();
    this.#watch.stop();
    this.#stopListening();
  }

  async #load(): Promise<void> {
    this.#loading.abort();
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    const language = (this.#language = languageOf(this.#host));
    const show = (messages: WebcasterMessages): void => {
      this.#messages = messages;
      this.#host.requestUpdate();
    };
    const onFailure = (): void => {
      if (!signal.aborted) show(messagesWithoutLoading(language));
    };
    // Only the signal ends the attempts.
    const messages = await loadMessages(language, { signal, onFailure }).catch(() => null);
    if (messages && !signal.aborted) show(messages);
  }
}
