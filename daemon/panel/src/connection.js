// SPDX-License-Identifier: MIT
//
// The connection to the broker. Each connection is a client object of its own, which takes all
// that it had in flight with it when it ends: a start that was not delivered is not sent again by
// a later connection.
import mqtt from 'mqtt';

const AGAIN_MS = [300, 700, 1500, 3000]; // between tries
const ANSWER_MS = 4000;
const EXPIRY_S = 5; // of commands, in the broker
const REFUSED = [0x84, 0x85, 0x86, 0x87, 0x8a, 0x8c]; // CONNACK: it takes another name or password

export class Connection {
	// events: { up(), down(reason), answered(), message(topic, text, retained) }; topics() are subscribed to.
	constructor(url, topics, events) {
		Object.assign(this, { url, topics, events, client: null, login: null });
		this.id = `panel-${crypto.getRandomValues(new Uint32Array(2)).join('')}`;
		this.tries = 0;
		this.timer = null;
		this.waiting = new Map(); // request id -> answer
		this.serial = 0;
	}

	open(login = this.login) {
		this.login = login;
		this.#drop();
		const client = mqtt.connect(this.url, {
			protocolVersion: 5,
			clientId: this.id,
			clean: true,
			keepalive: 10,
			connectTimeout: ANSWER_MS,
			reconnectPeriod: 0,
			queueQoSZero: false,
			timerVariant: 'native',
			properties: { sessionExpiryInterval: 0 },
			...(login?.username ? login : {}),
		});
		this.client = client;
		client.on('connect', () => this.#subscribe(client));
		client.on('message', (topic, payload, packet) =>
			this.#receive(client, topic, payload, packet),
		);
		client.on('error', (error) =>
			this.#lost(client, REFUSED.includes(error.code) ? 'refused' : 'broker'),
		);
		client.on('close', () => this.#lost(client, 'broker'));
	}

	// Do not wait any longer for the next try.
	hurry() {
		if (this.timer) this.open();
	}

	// Once all that is retained for what was subscribed to has come: the broker keeps the order.
	fence(then) {
		this.client?.subscribe(`fence/${this.id}`, { qos: 0 }, () => then());
	}

	// Begin a new connection at once, because the old one cannot be trusted.
	restart(reason) {
		this.tries = 0;
		this.events.down(reason);
		this.open();
	}

	// Give up the connection until open() brings another name.
	ask_login() {
		this.#drop();
		this.events.down('refused');
	}

	get isUp() {
		return Boolean(this.client?.connected);
	}

	// Resolves once the broker has it.
	publish(topic, payload, properties = {}) {
		const client = this.client;

		return new Promise((resolve, reject) => {
			if (!client?.connected) {
				reject(Object.assign(new Error('not connected'), { code: 'disconnected' }));
				return;
			}
			client.publish(topic, payload, { qos: 1, retain: false, properties }, (error) => {
				if (!error) resolve();
				else
					reject(
						Object.assign(error, {
							code: error.code === 0x87 ? 'not_authorised' : 'broker',
						}),
					);
			});
		});
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

	#subscribe(client) {
		client.subscribe(this.topics(), { qos: 1 }, (error) => {
			if (client !== this.client) return;
			if (error) {
				this.#lost(client, 'broker');
				return;
			}
			this.tries = 0;
			this.events.up();
		});
	}

	#receive(client, topic, payload, packet) {
		if (client !== this.client) return;
		const text = payload.toString();

		if (topic.endsWith(`/response/${this.id}`)) {
			const answer = JSON.parse(text);

			this.events.answered();
			this.waiting.get(answer.id)?.(answer);
			return;
		}
		this.events.message(topic, text, packet.retain);
	}

	#lost(client, reason) {
		if (client !== this.client) return;
		this.#drop();
		this.events.down(reason);
		if (reason === 'refused') return; // the next try is the person's
		this.timer = setTimeout(
			() => this.open(),
			AGAIN_MS[Math.min(this.tries++, AGAIN_MS.length - 1)],
		);
	}

	#drop() {
		const client = this.client;

		clearTimeout(this.timer);
		this.timer = null;
		this.client = null;
		if (!client) return;
		client.on('error', () => {});
		client.end(true);
		for (const answer of [...this.waiting.values()])
			answer({ ok: false, error: { code: 'disconnected', message: 'not connected' } });
	}
}
