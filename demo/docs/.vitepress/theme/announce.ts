import { useData, useRoute } from 'vitepress';
import { defineComponent, h, onMounted, onUnmounted, ref, watch } from 'vue';

/** Tells screen readers what the eye sees: that code was copied, and which page has come in place of another. */
export const Announcer = defineComponent(() => {
  const text = ref('');
  const { page } = useData();
  const route = useRoute();
  function onCopied(): void {
    text.value = '';
    requestAnimationFrame(() => (text.value = 'Copied'));
  }
  onMounted(() => document.addEventListener('code-copied', onCopied));
  onUnmounted(() => document.removeEventListener('code-copied', onCopied));
  watch(
    () => route.path,
    () => (text.value = page.value.title),
  );
  return () => h('p', { class: 'visually-hidden', role: 'status' }, text.value);
});
