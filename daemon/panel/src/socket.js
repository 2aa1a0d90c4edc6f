// SPDX-License-Identifier: MIT
//
// A socket to the broker, which serves this page and speaks MQTT on the same port.
export function open_socket() {
	const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
	const socket = new WebSocket(`${scheme}://${location.host}/mqtt`, 'mqtt');

	socket.binaryType = 'arraybuffer';
	return socket;
}

// The one that early.js has opened, for whoever comes first.
export function take_socket() {
	const early = globalThis.early_socket;

	globalThis.early_socket = null;
	return early && early.readyState <= WebSocket.OPEN ? early : open_socket();
}
