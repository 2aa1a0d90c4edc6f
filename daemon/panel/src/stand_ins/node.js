// SPDX-License-Identifier: MIT
//
// What mqtt.js and its packages take for granted of Node.
export { Buffer } from 'buffer';

export const nextTick = (task, ...args) => queueMicrotask(() => task(...args));
export const process = { nextTick, env: {} };
