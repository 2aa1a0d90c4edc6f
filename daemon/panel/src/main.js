// SPDX-License-Identifier: MIT
//
// First the connection, then the views: they are made ready while the broker answers, and drawn
// once, with its answers.
import { begin, stale } from './chair.js';
import { kept_login } from './kept_login.js';

const WAIT_MS = 400; // at most, for the answers
const COMING = ['connecting', 'waiting'];

function something_to_show() {
	return new Promise((resolve) => {
		stale.subscribe((reason) => COMING.includes(reason) || resolve());
		setTimeout(resolve, WAIT_MS);
	});
}

begin(kept_login());
setTimeout(async () => {
	const { draw } = await import('./frame.jsx');

	await something_to_show();
	draw(document.getElementById('panel'));
});
