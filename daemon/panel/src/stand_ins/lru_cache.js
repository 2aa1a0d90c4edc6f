// SPDX-License-Identifier: MIT
//
// In place of the package lru-cache, which mqtt.js takes to choose topic aliases by itself: that is
// off, and without it a map does.
export class LRUCache extends Map {
	constructor() {
		super();
	}
}
