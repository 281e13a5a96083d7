const showForMs = 1_800;

/** Copies text and shows for a moment whether that worked. */
export class CopyFeedback {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hide: (() => void) | undefined;

  /** @param show Called with the words to show, then with `null` when their time is over. */
  async copy(text: string | Promise<string>, show: (words: string | null) => void): Promise<void> {
    const isCopied = await copyText(text);
    this.stop();
    show(isCopied ? 'Copied' : 'Select and copy by hand');
    this.#hide = () => show(null);
    this.#timer = setTimeout(() => this.stop(), showForMs);
  }

  /** Removes the words that are shown. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#hide?.();
    this.#hide = undefined;
  }
}

/** Makes a button of the page's own HTML copy text. For a button in a lit template, use {@link CopyFeedback}. */
export function wireCopyButton(button: HTMLButtonElement, text: () => string | Promise<string>): void {
  const label = button.textContent;
  const feedback = new CopyFeedback();
  button.addEventListener('click', () => {
    void feedback.copy(text(), (words) => (button.textContent = words ?? label));
  });
}

/** The clipboard is not available on insecure pages, and the user may block it. */
async function copyText(text: string | Promise<string>): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(await text);
    return true;
  } catch {
    return false;
  }
}
