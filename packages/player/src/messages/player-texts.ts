import { baseLanguage, deferred, languageOf, LanguageWatch } from '@gatecast/element';
import { systemClock, type Cancel, type PartRequest } from '@gatecast/token';
import { BUILT_IN_LANGUAGES } from './built-in-languages.js';
import { playerMessageTables, type PlayerMessages } from './message-tables.js';
import { messagesEn } from './messages-en.js';

/** After this, English is shown until the texts of the language are loaded. */
const WAIT_MS = 1000;

/** The texts of an element, and the language that they are in. */
export interface Texts {
  readonly language: string;
  readonly messages: PlayerMessages;
}

/**
 * The texts of a player in its language. They are English where the language is not built in, and while its chunk cannot be
 * loaded. The callback is called each time there are other texts.
 */
export class PlayerTexts implements Texts {
  readonly #element: Element;
  readonly #log: NonNullable<PartRequest['log']>;
  readonly #onChanged: () => void;
  readonly #languages: typeof BUILT_IN_LANGUAGES;
  readonly #ready = deferred<true>();
  #isReady = false;
  #language = '';
  #builtIn: PlayerMessages = messagesEn;
  /** The language that is loaded or that is to be loaded; `null` while stopped. */
  #wanted: string | null = null;
  #loading = new AbortController();
  #stopListening: Cancel | null = null;
  readonly #watch: LanguageWatch;

  constructor(
    element: Element,
    log: NonNullable<PartRequest['log']>,
    onChanged: () => void,
    languages: typeof BUILT_IN_LANGUAGES = BUILT_IN_LANGUAGES,
  ) {
    this.#languages = languages;
    this.#watch = new LanguageWatch(element, () => {
      this.#follow();
    });
    this.#element = element;
    this.#log = log;
    this.#onChanged = onChanged;
  }

  get language(): string {
    return this.#language;
  }

  get messages(): PlayerMessages {
    return { ...this.#builtIn, ...playerMessageTables.get(this.#language) };
  }

  /** Are there texts to show, be it English ones? */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Resolves when there are texts to show. */
  get ready(): Promise<unknown> {
    return this.#ready.promise;
  }

  /** Follows the language of the element, until `stop()`. */
  update(): void {
    this.#watch.update();
    const language = languageOf(this.#element);
    if (language === this.#wanted) return;
    this.#stopListening ??= playerMessageTables.onChanged(() => {
      this.#onChanged();
    });
    this.#wanted = language;
    void this.#load(language);
  }

  /** Stops loading and listening, until the next `update()`. */
  stop(): void {
    this.#wanted = null;
    this.#watch.stop();
    this.#loading.abort();
    this.#stopListening?.();
    this.#stopListening = null;
  }

  /** Another language has other texts; another direction shows the same ones in another way. */
  #follow(): void {
    const language = this.#wanted;
    this.update();
    if (this.#wanted === language && this.#isReady) this.#onChanged();
  }

  async #load(language: string): Promise<void> {
    this.#loading.abort();
    const { signal } = (this.#loading = new AbortController());
    const show = (builtIn: PlayerMessages): void => {
      cancelWait?.();
      this.#language = language;
      this.#builtIn = builtIn;
      this.#isReady = true;
      this.#ready.resolve(true);
      this.#onChanged();
    };
    let cancelWait: Cancel | null = null;
    const part = this.#languages.get(baseLanguage(language));
    if (!part) {
      show(messagesEn);
      return;
    }
    let isShown = false;
    const showEnglish = (): void => {
      if (isShown || signal.aborted) return;
      isShown = true;
      show(messagesEn);
    };
    cancelWait = systemClock.at(systemClock.now() + WAIT_MS, showEnglish);
    signal.addEventListener('abort', cancelWait, { once: true });
    // Only the signal ends the attempts.
    const builtIn = await part({ signal, log: this.#log, onFailure: showEnglish }).catch(() => null);
    if (builtIn) show(builtIn);
  }
}
