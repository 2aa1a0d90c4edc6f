// SPDX-License-Identifier: MIT
//
// One MQTT 5 connection over a websocket, from its CONNECT to its end. It is never opened again, so
// nothing that it had in flight is sent a second time by a later one.
import { generate, parser, writeToStream } from 'mqtt-packet';

const OPEN_MS = 4000; // until the broker has accepted
const KEEPALIVE_S = 10;
const FAILED = 0x80; // this reason code and those above
const NOT_AUTHORISED = 0x87;
const REFUSED = [0x84, 0x85, 0x86, NOT_AUTHORISED, 0x8a, 0x8c]; // it takes another name or password
const PROTOCOL = { protocolVersion: 5 };

writeToStream.cacheNumbers = false; // 65,536 buffers, made at the first packet

const failure = (code, message) => Object.assign(new Error(message), { code });

export class MqttClient {
	#socket;
	#events;
	#parser = parser(PROTOCOL);
	#utf8 = new TextDecoder();
	#last_id = 0;
	#unacknowledged = new Map(); // packet id -> what its acknowledgement settles
	#timer;
	#heard = true;
	#up = false;

	// topics: subscribed to at once. login: { username, password } or null. events: opened(): it can
	// publish; up(): the broker has accepted; message(topic, text, retained); ended('refused' |
	// 'broker'), which nothing follows. opened() comes before up(), because MQTT 5 lets a client go on
	// without waiting: what is published there is on its way together with the CONNECT.
	constructor(socket, { id, login, topics }, events) {
		this.#socket = socket;
		this.#events = events;
		this.#parser.on('packet', (packet) => this.#receive(packet));
		this.#parser.on('error', () => this.#end('broker'));
		this.#timer = setTimeout(() => this.#end('broker'), OPEN_MS);
		const begin = () => this.#begin(id, login, topics);

		socket.onopen = begin;
		socket.onmessage = ({ data }) => this.#parser.parse(new Uint8Array(data));
		socket.onclose = () => this.#end('broker');
		if (socket.readyState === WebSocket.OPEN) queueMicrotask(begin);
	}

	get isUp() {
		return this.#up;
	}

	// Resolves once the broker has it; rejects with a code: not_authorised, broker, disconnected.
	publish(topic, payload, properties = {}) {
		if (this.#socket?.readyState !== WebSocket.OPEN)
			return Promise.reject(failure('disconnected', 'not connected'));
		return this.#acknowledged({ cmd: 'publish', topic, payload, qos: 1, properties });
	}

	// End it without an event.
	close() {
		this.#events = null;
		this.#end();
	}

	#begin(clientId, login, topics) {
		if (!this.#socket) return;
		this.#send({
			cmd: 'connect',
			protocolId: 'MQTT',
			...PROTOCOL,
			clientId,
			clean: true,
			keepalive: KEEPALIVE_S,
			properties: { sessionExpiryInterval: 0 },
			...login,
		});
		this.#acknowledged({
			cmd: 'subscribe',
			subscriptions: topics.map((topic) => ({ topic, qos: 1 })),
		}).catch(() => this.#end('broker'));
		this.#events.opened();
	}

	#send(packet) {
		this.#socket?.send(generate(packet, PROTOCOL));
	}

	#acknowledged(packet) {
		do this.#last_id = (this.#last_id % 0xffff) + 1;
		while (this.#unacknowledged.has(this.#last_id));
		const messageId = this.#last_id;

		return new Promise((resolve, reject) => {
			this.#unacknowledged.set(messageId, { resolve, reject });
			this.#send({ ...packet, messageId });
		});
	}

	#receive(packet) {
		if (!this.#socket) return; // it ended while others of the same frame were handled
		this.#heard = true;
		switch (packet.cmd) {
			case 'connack':
				this.#accept(packet.reasonCode);
				break;
			case 'publish':
				this.#events.message(
					packet.topic,
					this.#utf8.decode(packet.payload),
					packet.retain,
				);
				if (packet.qos > 0) this.#send({ cmd: 'puback', messageId: packet.messageId });
				break;
			case 'puback':
				this.#settle(packet.messageId, packet.reasonCode ?? 0);
				break;
			case 'suback':
				this.#settle(packet.messageId, Math.max(...packet.granted));
				break;
			case 'disconnect':
				this.#end('broker');
		}
	}

	#accept(reason) {
		if (reason >= FAILED) {
			this.#end(REFUSED.includes(reason) ? 'refused' : 'broker');
			return;
		}
		clearTimeout(this.#timer);
		this.#timer = setInterval(() => this.#keep_alive(), (KEEPALIVE_S * 1000) / 2);
		this.#up = true;
		this.#events.up();
	}

	#settle(id, reason) {
		const { resolve, reject } = this.#unacknowledged.get(id) ?? {};

		this.#unacknowledged.delete(id);
		if (reason < FAILED) resolve?.();
		else
			reject?.(failure(reason === NOT_AUTHORISED ? 'not_authorised' : 'broker', 'not taken'));
	}

	#keep_alive() {
		if (!this.#heard) {
			this.#end('broker');
			return;
		}
		this.#heard = false;
		this.#send({ cmd: 'pingreq' });
	}

	#end(reason) {
		const [events, socket] = [this.#events, this.#socket];

		if (!socket) return;
		this.#events = this.#socket = null;
		this.#up = false;
		clearTimeout(this.#timer); // of either kind
		socket.onopen = socket.onmessage = socket.onclose = null;
		socket.close();
		for (const { reject } of this.#unacknowledged.values())
			reject(failure('disconnected', 'not connected'));
		events?.ended(reason);
	}
}
