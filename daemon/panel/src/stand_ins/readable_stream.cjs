// SPDX-License-Identifier: MIT
//
// In place of the whole package readable-stream: the classes that mqtt.js takes of it, and what they
// expect of their base.
const { Stream } = require('readable-stream/lib/internal/streams/legacy');

Stream._isUint8Array = (value) => value instanceof Uint8Array;
Stream._uint8ArrayToBuffer = ({ buffer, byteOffset, byteLength }) =>
	Buffer.from(buffer, byteOffset, byteLength);

exports.Readable = require('readable-stream/lib/internal/streams/readable');
exports.Writable = require('readable-stream/lib/internal/streams/writable');
exports.Duplex = require('readable-stream/lib/internal/streams/duplex');
exports.Transform = require('readable-stream/lib/internal/streams/transform');
