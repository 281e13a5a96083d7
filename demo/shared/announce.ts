// Screen readers do not read a region that is added together with its text.
const region = document.createElement('p');
region.className = 'visually-hidden';
region.role = 'status';
document.body.append(region);

/** Lets screen readers announce a short text. They do not read the new name of a button that already has the focus. */
export function announce(words: string): void {
  // A repeated text must be a change, too.
  region.textContent = '';
  region.append(words);
}
