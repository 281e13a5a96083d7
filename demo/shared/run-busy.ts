/** Runs `act` while the button is marked as unavailable. A button that is disabled would lose the keyboard focus. */
export function runBusy(button: HTMLButtonElement, act: () => Promise<unknown>): void {
  if (button.ariaDisabled === 'true') return;
  button.ariaDisabled = 'true';
  void act().finally(() => (button.ariaDisabled = 'false'));
}
