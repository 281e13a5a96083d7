const saysForMs = 1_800;

/** Makes a button copy text and say that it did. */
export function wireCopyButton(button: HTMLButtonElement, text: () => string | Promise<string>): void {
  const label = button.textContent;
  let timer: ReturnType<typeof setTimeout> | undefined;
  button.addEventListener('click', () => {
    void copy(text()).then((isCopied) => {
      button.textContent = isCopied ? 'Copied' : 'Select and copy by hand';
      clearTimeout(timer);
      timer = setTimeout(() => (button.textContent = label), saysForMs);
    });
  });
}

/** The clipboard is closed to insecure pages and may be forbidden. */
async function copy(text: string | Promise<string>): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(await text);
    return true;
  } catch {
    return false;
  }
}
