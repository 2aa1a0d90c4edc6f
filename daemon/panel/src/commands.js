// SPDX-License-Identifier: MIT
//
// What the person asks of the chair, and how it went.
import { effect, signal } from '@preact/signals';
import { availability, base, chair, connection, link, now_ms, request, state } from './chair.js';

const STOP_AGAIN_MS = 400;
const NOTICE_MS = 8000;
const AT_REST = ['releasing', 'idle', 'fault'];

export const notice = signal(null); // { error } of a request that was refused
export const stopping = signal(null); // null | 'sending' | 'undelivered'

let notice_timer = 0;
export function refuse(error) {
	clearTimeout(notice_timer);
	notice.value = { error };
	notice_timer = setTimeout(() => {
		notice.value = null;
	}, NOTICE_MS);
}

// True if it was carried out; a refusal is shown.
export async function command(verb, args) {
	try {
		await request(verb, args);
		notice.value = null;
		return true;
	} catch (error) {
		refuse(error);
		return false;
	}
}

// --- stop and release -------------------------------------------------------------------------

// Sent until the state says that the chair releases or rests. It is not held back by anything: not
// by old data, not by a connection that is away (then it goes out with the next one).
let sent_ms = -Infinity;
let delivered = false;

export function stop() {
	sent_ms = -Infinity;
	delivered = false;
	notice.value = null;
	stopping.value = 'sending';
	pursue_stop();
	jog_end();
}

function pursue_stop() {
	if (delivered && availability.value === 'online' && AT_REST.includes(state.value?.phase)) {
		stopping.value = null;
		return;
	}
	if (!connection.isUp || !chair.value) {
		sent_ms = -Infinity;
		stopping.value = 'undelivered';
		return;
	}
	if (performance.now() - sent_ms < STOP_AGAIN_MS) return;
	sent_ms = performance.now();
	connection
		.publish(`${base()}/set/session`, 'stop')
		.then(() => {
			delivered = true;
			if (stopping.value) stopping.value = 'sending';
		})
		.catch(() => {
			stopping.value = stopping.value && 'undelivered';
		});
}

effect(() => {
	const pending = stopping.value; // the clock, the state and the connection each pursue it

	void [now_ms.value, state.value, availability.value, link.value];
	if (pending) pursue_stop();
});

// --- hold to move -----------------------------------------------------------------------------

const JOG_BEAT_MS = 150;
const JOG_HEARTBEAT_MS = 450; // without one of these in that time the chair ends the jog
let jogging = null;

export function jog_begin(actuator, drive_permille) {
	const beat = () =>
		command('jog', { actuator, drive_permille, heartbeat_ms: JOG_HEARTBEAT_MS }).then(
			(done) => done || jog_end(),
		);

	jog_end();
	jogging = { actuator, timer: setInterval(beat, JOG_BEAT_MS) };
	beat();
}

// What anything else has ended is not begun again while the button is still held.
effect(() => {
	if (['releasing', 'fault'].includes(state.value?.phase)) jog_end();
});

for (const event of ['blur', 'pagehide']) window.addEventListener(event, () => jog_end());
document.addEventListener('visibilitychange', () => document.hidden && jog_end());

export function jog_end() {
	if (!jogging) return;
	clearInterval(jogging.timer);
	request('jog', {
		actuator: jogging.actuator,
		drive_permille: 0,
		heartbeat_ms: JOG_HEARTBEAT_MS,
	}).catch(() => {});
	jogging = null;
}
