import { announce } from './announce.js';

const showForMs = 1_800;

/** Copies text and shows the result for a short time. */
export class CopyFeedback {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hide: (() => void) | undefined;

  /** @param show Called with the message to show, then with `null` to remove it. */
  async copy(text: string | Promise<string>, show: (words: string | null) => void): Promise<void> {
    const isCopied = await copyText(text);
    this.stop();
    const words = isCopied ? 'Copied' : 'Select and copy manually';
    show(words);
    announce(words);
    this.#hide = () => show(null);
    this.#timer = setTimeout(() => this.stop(), showForMs);
  }

  /** Removes the message. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#hide?.();
    this.#hide = undefined;
  }
}

/** Copies text on a click of a button in static HTML. For a button in a lit template, use {@link CopyFeedback}. */
export function wireCopyButton(button: HTMLButtonElement, text: () => string | Promise<string>): void {
  const label = button.textContent;
  const feedback = new CopyFeedback();
  button.addEventListener('click', () => {
    void feedback.copy(text(), (words) => (button.textContent = words ?? label));
  });
}

/** Resolves with `false` if it fails: insecure pages have no clipboard, and the user may deny access. */
async function copyText(text: string | Promise<string>): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(await text);
    return true;
  } catch {
    return false;
  }
}
