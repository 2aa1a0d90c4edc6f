// SPDX-License-Identifier: MIT
//
// The connection to the broker, begun again whenever it is lost; requests and their answers. Each
// connection is a client of its own.
import { MqttClient } from './mqtt_client.js';
import { take_socket } from './socket.js';

const AGAIN_MS = [300, 700, 1500, 3000]; // between tries
const ANSWER_MS = 4000;
const EXPIRY_S = 5; // of commands, in the broker

export class Connection {
	// events: { opened(), up(), down(reason), answered(), message(topic, text, retained) }, see
	// MqttClient; topics() are subscribed to.
	constructor(topics, events) {
		Object.assign(this, { topics, events, client: null, login: null });
		this.id = `panel-${crypto.getRandomValues(new Uint32Array(2)).join('')}`;
		this.tries = 0;
		this.timer = null;
		this.waiting = new Map(); // request id -> answer
		this.serial = 0;
	}

	open(login = this.login) {
		this.login = login;
		this.close();
		this.client = new MqttClient(
			take_socket(),
			{ id: this.id, login, topics: this.topics() },
			{
				opened: () => this.events.opened(),
				up: () => {
					this.tries = 0;
					this.events.up();
				},
				message: (...what) => this.#receive(...what),
				ended: (reason) => this.#lost(reason),
			},
		);
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
		client?.close();
		for (const answer of [...this.waiting.values()])
			answer({ ok: false, error: { code: 'disconnected', message: 'not connected' } });
	}

	// Give up the connection until open() brings another name.
	ask_login() {
		this.close();
		this.events.down('refused');
	}

	get isUp() {
		return Boolean(this.client?.isUp);
	}

	// Resolves once the broker has it.
	async publish(topic, payload, properties) {
		if (!this.client) throw Object.assign(new Error('not connected'), { code: 'disconnected' });
		await this.client.publish(topic, payload, properties);
	}

	// The data of the answer; rejects with its error.
	request(base, verb, args) {
		const id = `${this.id}-${++this.serial}`;

		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				this.waiting.delete(id);
				reject(Object.assign(new Error('no answer'), { code: 'no_answer' }));
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

	#receive(topic, text, retained) {
		if (topic.endsWith(`/response/${this.id}`)) {
			const answer = JSON.parse(text);

			this.events.answered();
			this.waiting.get(answer.id)?.(answer);
			return;
		}
		this.events.message(topic, text, retained);
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
