// SPDX-License-Identifier: MIT
//
// The chair as the broker shows it: one signal for each topic, and whether that is news or old.
import { batch, computed, signal } from '@preact/signals';
import { Connection } from './connection.js';

const OLD_MS = 2000;
const PING_MS = 900; // while the chair is quiet
const QUIET = ['idle', 'paused', 'fault']; // phases in which nothing moves and no telemetry comes
const TICK_MS = 250;
const SLEPT_MS = 4000; // between two ticks: the page was not running
const TRANSIENT = ['no_answer', 'disconnected']; // a request may be made again
const PLOT_S = 120;
const EVENTS_MAX = 50;
const CLOCK_LOST_MS = 1000;

const address = new URLSearchParams(location.hash.slice(1));
const prefix = address.get('prefix') ?? 'chair';

export const link = signal('connecting'); // connecting | up | broker | refused | slept
export const chairs = signal([]); // names of the chairs on the broker
export const chair = signal(address.get('chair') ?? null);
export const availability = signal(null);
export const info = signal(null);
export const atlas = signal(null);
export const dose = signal(null);
export const state = signal(null);
export const target = signal(null);
export const telemetry = signal(null);
export const alerts = signal({});
export const events = signal([]); // the newest first: { at, serial, ...event }
export const samples = signal([]); // telemetry of the last two minutes of the chair's time
export const profiles = signal({}); // name -> what the verb `profile` answers
export const now_ms = signal(performance.now());
const fresh_ms = signal(-Infinity); // telemetry of a chair that moves, answers of a quiet one
const chair_began_ms = signal(null); // performance.now() at 0 of the chair's clock, its t_ms

let event_serial = 0;

// Why nothing but stop may be pressed; null if all is fresh.
export const stale = computed(() => {
	if (link.value !== 'up') return link.value;
	if (!chair.value) return chairs.value.length > 1 ? 'choose_chair' : 'no_chair';
	if (availability.value === 'offline') return 'offline';
	if (availability.value !== 'online' || !state.value || !info.value) return 'waiting';
	if (!state.value.guard) return 'guard';
	return now_ms.value - fresh_ms.value > OLD_MS ? 'telemetry' : null;
});

// { origin_ms: when an exhale began, by performance.now(), inhale_s, exhale_s }, or null: unknown.
export const breath = computed(() => {
	const rhythm = target.value?.breath;

	if (!rhythm || chair_began_ms.value === null) return null;
	return {
		origin_ms: chair_began_ms.value + rhythm.t_ms + rhythm.origin_s * 1000,
		inhale_s: rhythm.inhale_s,
		exhale_s: rhythm.exhale_s,
	};
});

export const silent_s = computed(() =>
	Math.round(Math.min(now_ms.value, now_ms.value - fresh_ms.value) / 1000),
);

export const base = () => `${prefix}/${chair.value}`;
const topics_of = (name) =>
	[
		'availability',
		'atlas',
		'dose',
		'info',
		'state',
		'target',
		'telemetry',
		'event',
		'alert/+',
		`response/${connection.id}`,
	].map((topic) => `${prefix}/${name}/${topic}`);

const address_of_broker = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/mqtt`;
export const connection = new Connection(
	address_of_broker,
	() => (chair.value ? topics_of(chair.value) : [`${prefix}/+/availability`]),
	{ up, down, message, answered: () => is_quiet() && set_fresh() },
);

export const request = (verb, args = {}) => connection.request(base(), verb, args);

// --- the connection ---------------------------------------------------------------------------

function up() {
	link.value = 'up';
	if (!chair.value)
		connection.fence(() => chairs.value.length === 1 && choose_chair(chairs.value[0]));
}

// The last values stay to be seen, as old.
function down(reason) {
	batch(() => {
		link.value = reason;
		availability.value = null;
		chair_began_ms.value = null;
		fresh_ms.value = -Infinity;
	});
	pinged_ms = -Infinity;
}

export function choose_chair(name) {
	if (chair.value) return;
	chair.value = name;
	connection.client.subscribe(topics_of(name), { qos: 1 });
}

// --- what comes -------------------------------------------------------------------------------

const handlers = {
	availability: (text) => {
		availability.value = text;
	},
	atlas: (text) => {
		atlas.value = JSON.parse(text);
	},
	dose: (text) => {
		dose.value = JSON.parse(text);
	},
	info: (text) => update_info(JSON.parse(text)),
	state: (text) => update_state(JSON.parse(text)),
	target: (text, retained) => update_target(JSON.parse(text), retained),
	telemetry: (text) => update_telemetry(JSON.parse(text)),
	event: (text, retained) => !retained && update_event(JSON.parse(text)),
};

function message(topic, text, retained) {
	const [name, ...rest] = topic.slice(prefix.length + 1).split('/');
	const kind = rest.join('/');

	if (kind === 'availability' && !chairs.value.includes(name))
		chairs.value = [...chairs.value, name].sort();
	if (name !== chair.value) return;
	if (kind.startsWith('alert/')) update_alert(kind.slice('alert/'.length), text);
	else if (text) handlers[kind]?.(text, retained);
}

function update_info(document) {
	const known = profiles.value;

	info.value = document;
	profiles.value = Object.fromEntries(
		document.profiles.map(({ name, hash }) => [
			name,
			known[name]?.hash === hash ? known[name] : null,
		]),
	);
	fetch_profiles();
}

// One after the other, so that many of them are no flood.
let fetching = false;
async function fetch_profiles() {
	const missing = () => Object.keys(profiles.value).find((name) => !profiles.value[name]);

	if (fetching) return;
	fetching = true;
	for (let name = missing(); name && link.value === 'up'; name = missing()) {
		const profile = await request('profile', { profile: name }).catch(({ code }) =>
			TRANSIENT.includes(code) ? null : { steps: [] },
		);

		if (name in profiles.value) profiles.value = { ...profiles.value, [name]: profile };
	}
	fetching = false;
}

// What nobody by name has had enough of today: { profile, until, text } by profile.
export const had_enough = computed(() => {
	const people = dose.value?.people ?? [];
	const refused = people.find(({ person }) => person === null)?.refused ?? [];

	return Object.fromEntries(refused.map((entry) => [entry.profile, entry]));
});

const is_quiet = () => state.value === null || QUIET.includes(state.value.phase);

function set_fresh() {
	fresh_ms.value = now_ms.value = performance.now();
}

// From the first sign of movement on, telemetry has as long to come as between two of its kind: so
// it has after a new connection.
function update_state(document) {
	const was_quiet = is_quiet() || fresh_ms.value === -Infinity;

	batch(() => {
		state.value = document;
		if (was_quiet && !is_quiet()) set_fresh();
	});
}

// A retained target may be old: its t_ms is then not the present time of the chair.
function update_target(document, retained) {
	batch(() => {
		target.value = document;
		if (document.breath && !retained) update_clock(document.breath.t_ms);
	});
}

// The fastest message is the best measure; a much later one comes from a clock that began anew.
function update_clock(t_ms) {
	const began_ms = performance.now() - t_ms;
	const later_ms = began_ms - (chair_began_ms.value ?? Infinity);

	if (later_ms < 0 || later_ms > CLOCK_LOST_MS) chair_began_ms.value = began_ms;
}

function update_telemetry(document) {
	const t_s = document.t_ms / 1000;
	const before = samples.value;
	const kept =
		t_s < before.at(-1)?.t_s ? [] : before.filter((sample) => sample.t_s > t_s - PLOT_S);

	batch(() => {
		set_fresh();
		update_clock(document.t_ms);
		telemetry.value = document;
		samples.value = [...kept, { t_s, actuators: document.actuators }];
	});
}

function update_event(document) {
	const event = { ...document, at: new Date(), serial: ++event_serial };

	events.value = [event, ...events.value].slice(0, EVENTS_MAX);
}

function update_alert(code, text) {
	const { [code]: _, ...others } = alerts.value;

	alerts.value = text ? { ...others, [code]: JSON.parse(text) } : others;
}

// --- time -------------------------------------------------------------------------------------

// Messages that waited while the page slept look new and are old: so everything is asked for again.
let ticked = Date.now();
let pinged_ms = -Infinity;
function tick() {
	const gap_ms = Date.now() - ticked;

	ticked = Date.now();
	now_ms.value = performance.now();
	if (link.value !== 'up' || !chair.value) return;
	if (gap_ms > SLEPT_MS) {
		connection.restart('slept');
	} else if (is_quiet() && !document.hidden && now_ms.value - pinged_ms > PING_MS) {
		pinged_ms = now_ms.value;
		request('ping').catch(() => {});
	}
}

export function begin(login) {
	setInterval(tick, TICK_MS);
	for (const [source, kind] of [
		[document, 'visibilitychange'],
		[window, 'pageshow'],
		[window, 'online'],
	])
		source.addEventListener(kind, () => {
			tick();
			if (!document.hidden) connection.hurry();
		});
	connection.open(login);
}
