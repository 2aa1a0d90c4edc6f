// SPDX-License-Identifier: MIT
//
// A script of its own at the top of the page: the socket opens while the rest is read and run.
import { open_socket } from './socket.js';

globalThis.early_socket = open_socket();
