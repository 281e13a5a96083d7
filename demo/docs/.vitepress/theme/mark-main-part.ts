import { useData } from 'vitepress';
import { onMounted, watch } from 'vue';

/** The theme says of a page of text which part is the main one, but not of its home page and of what is not found. */
export function markMainPart(): void {
  const { page } = useData();
  function mark(): void {
    const content = document.querySelector('#VPContent');
    if (content?.querySelector('main')) content.removeAttribute('role');
    else content?.setAttribute('role', 'main');
  }
  onMounted(mark);
  watch(page, mark, { flush: 'post' });
}
