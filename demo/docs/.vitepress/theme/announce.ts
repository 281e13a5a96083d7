import { useData, useRoute } from 'vitepress';
import { defineComponent, h, onMounted, onUnmounted, ref, watch } from 'vue';

/** Tells screen readers what the eye sees: that code was copied, and which page has come in place of another. */
export const Announcer = defineComponent(() => {
  const text = ref('');
  const { page } = useData();
  const route = useRoute();
  function onClick({ target }: MouseEvent): void {
    if (!(target instanceof Element) || !target.matches('button.copy')) return;
    text.value = '';
    requestAnimationFrame(() => (text.value = 'Copied'));
  }
  onMounted(() => document.addEventListener('click', onClick));
  onUnmounted(() => document.removeEventListener('click', onClick));
  watch(
    () => route.path,
    () => (text.value = page.value.title),
  );
  return () => h('p', { class: 'visually-hidden', role: 'status' }, text.value);
});
