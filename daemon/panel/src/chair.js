// SPDX-License-Identifier: MIT
//
// The chair as the broker shows it: one signal for each topic, and whether that is news or old.
import { batch, computed, effect, signal, untracked } from '@preact/signals';
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
const ATLAS_MS = 5000; // without it until then: this chair has none
const KEY = 'chaird.chair'; // the one used last

const address = new URLSearchParams(location.hash.slice(1));
const prefix = address.get('prefix') ?? 'chair';
const demanded = address.get('chair');
const wanted = signal(demanded ?? localStorage.getItem(KEY));

export const link = signal('connecting'); // connecting | up | broker | refused | slept
export const chairs = signal([]); // names of the chairs on the broker
export const chair = computed(
	() => wanted.value ?? (chairs.value.length === 1 ? chairs.value[0] : null),
);
export const availability = signal(null);
export const info = signal(null);
const atlas_text = signal(null);
const atlas_late = signal(false);
export const dose = signal(null);
export const state = signal(null);
export const target = signal(null);
export const telemetry = signal(null);
export const alerts = signal({});
export const events = signal([]); // the newest first: { at, serial, ...event }
export const samples = signal([]); // telemetry of the last two minutes of the chair's time
export const profiles = signal({}); // name -> what the verb `profile` answers
export const now_ms = signal(performance.now());
const answered = signal(false); // by this chair, through this connection: all that is retained has come
const fresh_ms = signal(-Infinity); // telemetry of a chair that moves, answers of a quiet one
const up_ms = signal(-Infinity); // when the connection was made
const chair_began_ms = signal(null); // performance.now() at 0 of the chair's clock, its t_ms

let event_serial = 0;

// It is read only when something of it is shown.
export const atlas = computed(() => JSON.parse(atlas_text.value));
// Also true while it may still come.
export const has_atlas = computed(() => atlas_text.value !== null || !atlas_late.value);

// Why nothing but stop may be pressed; null if all is fresh.
export const stale = computed(() => {
	if (link.value !== 'up') return link.value;
	if (!chair.value && chairs.value.length > 1) return 'choose_chair';
	if (!chair.value) return now_ms.value - up_ms.value > OLD_MS ? 'no_chair' : 'waiting';
	if (availability.value === 'offline') return 'offline';
	if (availability.value !== 'online' || !state.value || !info.value || !answered.value)
		return 'waiting';
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

// The broker sends what is retained in this order. As long as no chair is wanted, all are listened
// to, so that nothing needs to be asked for once it is known that there is only one.
const topics = () =>
	[
		`${wanted.value ?? '+'}/availability`,
		...(wanted.value ? ['+/availability'] : []),
		...['state', 'info', 'target', 'telemetry', 'event', 'alert/+', 'dose'].map(
			(topic) => `${wanted.value ?? '+'}/${topic}`,
		),
		`${wanted.value ?? '+'}/response/${connection.id}`,
	].map((topic) => `${prefix}/${topic}`);

export const connection = new Connection(topics, { up, down, message, answered: answer });

// The atlas comes through a connection of its own: the broker takes seconds to send a large message
// to a websocket, and whatever follows it there has to wait.
let atlas_timer = 0;
const atlas_connection = new Connection(() => [`${base()}/atlas`], {
	up: () => {
		clearTimeout(atlas_timer);
		atlas_timer = setTimeout(() => {
			atlas_late.value = true;
		}, ATLAS_MS);
	},
	down: () => {},
	message: (_, text) => {
		atlas_text.value = text || null;
	},
});

export const request = (verb, args = {}) => connection.request(base(), verb, args);

// --- the connection ---------------------------------------------------------------------------

function up() {
	batch(() => {
		link.value = 'up';
		up_ms.value = now_ms.value = performance.now();
	});
	ping();
}

// The last values stay to be seen, as old.
function down(reason) {
	batch(() => {
		link.value = reason;
		availability.value = null;
		chair_began_ms.value = null;
		fresh_ms.value = -Infinity;
		answered.value = false;
	});
	pinged_ms = -Infinity;
	atlas_connection.close();
}

function keep_chair(name) {
	if (!demanded) localStorage.setItem(KEY, name);
	wanted.value = name;
}

export function choose_chair(name) {
	keep_chair(name);
	begin_anew();
}

// The one that was used last is no longer on this broker.
function forget_chair() {
	localStorage.removeItem(KEY);
	wanted.value = null;
	begin_anew();
}

// Nothing that is known is of the chair that comes.
function begin_anew() {
	batch(() => {
		for (const document of [state, info, target, atlas_text, telemetry]) document.value = null;
		[alerts.value, events.value, samples.value, profiles.value] = [{}, [], [], {}];
	});
	connection.restart('connecting');
}

// Its first answer comes after all that was retained: by now every chair of the broker is known.
function answer() {
	if (!chair.value) return;
	if (!wanted.value) keep_chair(chair.value);
	if (!answered.value) atlas_connection.open(connection.login);
	batch(() => {
		answered.value = true;
		if (is_quiet()) set_fresh();
	});
}

// --- what comes -------------------------------------------------------------------------------

const handlers = {
	availability: (text, retained) => {
		availability.value = text;
		if (text === 'online' && !retained && !answered.value) ping();
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

	if (kind === 'availability' && text) update_chairs(name);
	if (name !== chair.value) return;
	if (kind.startsWith('alert/')) update_alert(kind.slice('alert/'.length), text);
	else if (text) handlers[kind]?.(text, retained);
}

function update_chairs(name) {
	if (!chairs.value.includes(name)) chairs.value = [...chairs.value, name].sort();
	if (name !== chair.value && wanted.value && !demanded && availability.value === null)
		forget_chair();
	else if (pinged_ms === -Infinity) ping();
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
}

// One after the other, so that many of them are no flood; and not before the panel can be used.
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

effect(() => {
	if (info.value && stale.value === null) untracked(fetch_profiles);
});

// What a person has had enough of today: { profile, until, text } by profile. null: nobody by name.
export function had_enough(name) {
	const people = dose.value?.people ?? [];
	const refused = people.find(({ person }) => person === name)?.refused ?? [];

	return Object.fromEntries(refused.map((entry) => [entry.profile, entry]));
}

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
	} else if (
		(is_quiet() || !answered.value) &&
		!document.hidden &&
		now_ms.value - pinged_ms > PING_MS
	) {
		ping();
	}
}

function ping() {
	if (!chair.value) return;
	pinged_ms = performance.now();
	request('ping').catch(() => {});
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
