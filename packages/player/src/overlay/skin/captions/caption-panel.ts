import { intlLocale } from '@gatecast/element';
import type { PlayerMessages } from '../../../messages/message-tables.js';
import type { Texts } from '../../../messages/player-texts.js';
import { create } from '../menu-parts.js';
import type { CaptionPreferences } from './caption-preferences.js';
import { CAPTION_CHOICES, CAPTION_PROPERTIES, captionDeclarations } from './caption-style.js';
import type { CaptionProperty } from './caption-style.js';

const LABELS = {
  size: 'captionSize',
  color: 'captionColor',
  background: 'captionBackground',
  opacity: 'captionOpacity',
  edge: 'captionEdge',
} as const satisfies Record<CaptionProperty, keyof PlayerMessages>;

const VALUES = {
  white: 'colorWhite',
  black: 'colorBlack',
  red: 'colorRed',
  green: 'colorGreen',
  blue: 'colorBlue',
  yellow: 'colorYellow',
  magenta: 'colorMagenta',
  cyan: 'colorCyan',
  none: 'edgeNone',
  raised: 'edgeRaised',
  depressed: 'edgeDepressed',
  outline: 'edgeOutline',
  shadow: 'edgeShadow',
} as const satisfies Record<string, keyof PlayerMessages>;

/** Usual size of the text that shows the choice. */
const SAMPLE_PX = 15;

/** The panel in which the viewer chooses how captions look. It is closed when it is created. */
export class CaptionPanel {
  readonly element: HTMLElement;

  readonly #preferences: CaptionPreferences;
  readonly #onClosed: () => void;
  readonly #selects: ReadonlyMap<CaptionProperty, HTMLSelectElement>;
  readonly #sample: HTMLElement;
  readonly #stopListening: () => void;
  /** While it is open. */
  #open: AbortController | null = null;

  /** @param onClosed - called when the viewer closes it with its button or with Escape: the focus is to be moved. */
  constructor({ language, messages }: Texts, preferences: CaptionPreferences, onClosed: () => void) {
    this.#preferences = preferences;
    this.#onClosed = onClosed;
    this.#selects = new Map(
      CAPTION_PROPERTIES.map((property) => [property, createSelect(property, messages, language)]),
    );
    this.#sample = create('span', {}, messages.captions);
    this.element = this.#create(messages);
    this.#stopListening = preferences.onChanged(() => {
      this.#update();
    });
    this.#update();
  }

  /** Shows it and moves the focus into it. */
  open(): void {
    const { element } = this;
    const { signal } = (this.#open ??= new AbortController());
    element.hidden = false;
    const [first] = this.#selects.values();
    first?.focus();
    // A press elsewhere closes it, as with the menus.
    element.ownerDocument.addEventListener(
      'pointerdown',
      (event) => {
        if (!event.composedPath().includes(element)) this.close();
      },
      { capture: true, signal },
    );
  }

  close(): void {
    this.#open?.abort();
    this.#open = null;
    this.element.hidden = true;
  }

  /** Ends its listeners. */
  stop(): void {
    this.close();
    this.#stopListening();
  }

  #create(messages: PlayerMessages): HTMLElement {
    const reset = create('button', { type: 'button', part: 'captions-reset' }, messages.captionReset);
    reset.addEventListener('click', () => {
      this.#preferences.reset();
    });
    const close = create('button', { type: 'button', part: 'captions-close', class: 'done' }, messages.close);
    close.addEventListener('click', () => {
      this.#closeAndReturn();
    });
    const rows = Array.from(this.#selects, ([property, select]) => {
      select.addEventListener('input', () => {
        this.#preferences.choose(property, select.value);
      });
      return create('label', {}, create('span', {}, messages[LABELS[property]]), select);
    });
    const title = create('h2', { id: 'captions-title' }, messages.captionStyle);
    const panel = create(
      'div',
      { part: 'captions-panel', role: 'dialog', 'aria-labelledby': title.id, tabindex: '-1', hidden: '' },
      title,
      create('p', { class: 'sample', 'aria-hidden': 'true' }, this.#sample),
      ...rows,
      create('div', { class: 'actions' }, reset, close),
    );
    panel.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      event.stopPropagation();
      this.#closeAndReturn();
    });
    panel.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget !== null && !panel.contains(relatedTarget as Node)) this.close();
    });
    return panel;
  }

  #update(): void {
    const { style } = this.#preferences;
    for (const [property, select] of this.#selects) select.value = style[property] ?? '';
    this.#sample.style.cssText = captionDeclarations(style, SAMPLE_PX);
  }

  #closeAndReturn(): void {
    this.close();
    this.#onClosed();
  }
}

function createSelect(
  property: CaptionProperty,
  messages: PlayerMessages,
  language: string,
): HTMLSelectElement {
  const select = document.createElement('select');
  select.setAttribute('part', 'captions-choice');
  const percent = new Intl.NumberFormat(intlLocale(language), { style: 'percent', numberingSystem: 'latn' });
  select.append(
    create('option', { value: '' }, messages.captionDefault),
    ...CAPTION_CHOICES[property].map((value) =>
      create(
        'option',
        { value },
        isNamed(value) ? messages[VALUES[value]] : percent.format(Number(value) / 100),
      ),
    ),
  );
  return select;
}

function isNamed(value: string): value is keyof typeof VALUES {
  return Object.hasOwn(VALUES, value);
}
