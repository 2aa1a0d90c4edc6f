// SPDX-License-Identifier: MIT
//
// mqtt.js for one connection over a websocket. It is never opened again (reconnectPeriod 0), so
// nothing that it had in flight is sent a second time by a later one.
import client_module from 'mqtt/lib/client';
import { browserStreamBuilder } from 'mqtt/lib/connect/ws';
import { take_socket } from './socket.js';

const { default: MqttClient } = client_module; // which is a CommonJS module
const OPEN_MS = 4000; // until the broker has accepted
const KEEPALIVE_S = 6; // a broker that is silent is given up after 1.5 times that

export const open_client = (clientId, login) =>
	new MqttClient((client) => browserStreamBuilder(client, client.options), {
		protocol: 'ws',
		protocolVersion: 5,
		clientId,
		clean: true,
		keepalive: KEEPALIVE_S,
		connectTimeout: OPEN_MS,
		reconnectPeriod: 0,
		queueQoSZero: false,
		timerVariant: 'native',
		writeCache: false, // 65,536 buffers, made at the first packet
		properties: { sessionExpiryInterval: 0 },
		createWebsocket: take_socket,
		...login,
	});
