// SPDX-License-Identifier: MIT
//
// The connection to the broker, begun again whenever it is lost; requests and their answers. Each
// connection is a client object of its own, and takes all that it had in flight with it when it
// ends: a start that was not delivered is not sent again by a later one.
import { open_client } from './mqtt_client.js';

const AGAIN_MS = [300, 700, 1500, 3000]; // between tries
const ANSWER_MS = 4000;
const EXPIRY_S = 5; // of commands, in the broker
const NOT_AUTHORISED = 0x87; // a reason code of MQTT
const REFUSED = [0x84, 0x85, 0x86, NOT_AUTHORISED, 0x8a, 0x8c]; // it takes another name or password

const failure = (code, message) => Object.assign(new Error(message), { code });

// Of a publication, by its reason code; without one its connection has ended.
function failure_code(reason) {
	if (reason === undefined) return 'disconnected';
	return reason === NOT_AUTHORISED ? 'not_authorised' : 'broker';
}

export class Connection {
	// events: { up(), down(reason), answered(), message(topic, text, retained) }. topics() are
	// subscribed to, on the way before whatever up() publishes.
	constructor(topics, events) {
		Object.assign(this, { topics, events, client: null, login: null });
		this.id = `panel-${crypto.getRandomValues(new Uint32Array(2)).join('')}`;
		this.tries = 0;
		this.timer = null;
		this.waiting = new Map(); // request id -> answer
		this.serial = 0;
		this.utf8 = new TextDecoder();
	}

	open(login = this.login) {
		this.login = login;
		this.close();
		const client = open_client(this.id, login);
		// In a task of its own: what fails there must not hold up the client.
		const when = (event, handle) =>
			client.on(event, (...what) =>
				queueMicrotask(() => client === this.client && handle(...what)),
			);

		this.client = client;
		when('connect', () => this.#begin());
		when('message', (...what) => this.#receive(...what));
		when('error', ({ code }) => this.#lost(REFUSED.includes(code) ? 'refused' : 'broker'));
		when('close', () => this.#lost('broker'));
	}

	// Do not wait any longer for the next try.
	hurry() {
		if (this.timer) this.open();
	}

	// Begin a new connection at once, because the old one cannot be trusted.
	restart(reason) {
		this.tries = 0;
		this.events.down(reason);
		this.open();
	}

	// Until open().
	close() {
		const client = this.client;

		clearTimeout(this.timer);
		this.timer = null;
		this.client = null;
		client?.end(true);
		for (const answer of [...this.waiting.values()])
			answer({ ok: false, error: { code: 'disconnected', message: 'not connected' } });
	}

	// Give up the connection until open() brings another name.
	ask_login() {
		this.close();
		this.events.down('refused');
	}

	get isUp() {
		return Boolean(this.client?.connected);
	}

	// Resolves once the broker has it; rejects with a code: not_authorised, broker, disconnected.
	async publish(topic, payload, properties = {}) {
		if (!this.isUp) throw failure('disconnected', 'not connected');
		await this.client.publishAsync(topic, payload, { qos: 1, properties }).catch((error) => {
			throw failure(failure_code(error.code), error.message);
		});
	}

	// The data of the answer; rejects with its error.
	request(base, verb, args) {
		const id = `${this.id}-${++this.serial}`;

		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				this.waiting.delete(id);
				reject(failure('no_answer', 'no answer'));
			}, ANSWER_MS);

			this.waiting.set(id, (answer) => {
				clearTimeout(timer);
				this.waiting.delete(id);
				if (answer.ok) resolve(answer.data);
				else reject(Object.assign(new Error(answer.error.message), answer.error));
			});
			this.publish(`${base}/request/${verb}`, JSON.stringify({ id, args }), {
				responseTopic: `${base}/response/${this.id}`,
				messageExpiryInterval: EXPIRY_S,
			}).catch((error) => this.waiting.get(id)?.({ ok: false, error }));
		});
	}

	#begin() {
		const { client } = this;

		client.subscribe(this.topics(), { qos: 1 }, (error) => {
			if (error && client === this.client) this.#lost('broker');
		});
		this.tries = 0;
		this.events.up();
	}

	#receive(topic, payload, { retain }) {
		const text = this.utf8.decode(payload);

		if (topic.endsWith(`/response/${this.id}`)) {
			const answer = JSON.parse(text);

			this.events.answered();
			this.waiting.get(answer.id)?.(answer);
			return;
		}
		this.events.message(topic, text, retain);
	}

	#lost(reason) {
		this.close();
		this.events.down(reason);
		if (reason === 'refused') return; // the next try is the person's
		this.timer = setTimeout(
			() => this.open(),
			AGAIN_MS[Math.min(this.tries++, AGAIN_MS.length - 1)],
		);
	}
}
