/** A component of Vue with mistakes in its template. */
export const wrongVue = `<script setup lang="ts">
import type {} from '@gatecast/player/vue';
import type {} from '@gatecast/webcaster/vue';
</script>

<template>
  <secure-webcaster publisher="rtmp" />
  <secure-player engine="flash" />
  <secure-player :hls-config="7" />
  <secure-player nothing="1" />
  <secure-player @secure-error="(event) => event.nothing" />
</template>
`;

export const wrongVueMistakes = 5;

/** A component of Svelte with mistakes in its template. */
export const wrongSvelte = `<script lang="ts">
  import type {} from '@gatecast/player/svelte';
  import type {} from '@gatecast/webcaster/svelte';
</script>

<secure-webcaster publisher="rtmp"></secure-webcaster>
<secure-player engine="flash"></secure-player>
<secure-player hlsConfig={7}></secure-player>
<secure-player nothing="1"></secure-player>
<secure-player onsecure-error={(event) => event.nothing}></secure-player>
`;
export const wrongSvelteMistakes = 5;
