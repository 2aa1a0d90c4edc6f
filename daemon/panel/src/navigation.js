// SPDX-License-Identifier: MIT
//
// Which view is shown.
import { computed, effect, signal } from '@preact/signals';
import { state } from './chair.js';

export const view = signal('choose'); // choose | session | chair
export const phase = computed(() => state.value?.phase ?? null);
export const idle = computed(() => phase.value === 'idle');
// Without a profile the chair is moved by the technician, or finds its place.
export const in_session = computed(
	() => !idle.value && phase.value !== 'fault' && Boolean(state.value?.profile),
);

// A session that begins, here or at another panel, is shown at once.
let was_running = false;
effect(() => {
	const running = in_session.value && phase.value !== 'releasing';

	if (running && !was_running) view.value = 'session';
	was_running = running;
});
