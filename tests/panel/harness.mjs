// SPDX-License-Identifier: MIT
//
// A test with a rig of its own. Whatever it does, its pages fetch nothing from elsewhere and
// nothing in them fails.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { close_browser } from './browser.mjs';
import { Rig } from './rig.mjs';

after(close_browser);

export function with_rig(name, run, options) {
	test(name, async () => {
		const rig = await Rig.start(options);

		try {
			await run(rig);
			for (const page of rig.pages) {
				assert.deepEqual([...page.fetched], [new URL(rig.url).host], 'all is fetched from the broker');
				assert.deepEqual(page.errors, []);
			}
		} catch (error) {
			console.error(rig.report());
			throw error;
		} finally {
			await rig.end();
		}
	});
}

export const button = (page, name) => page.getByRole('button', { name, exact: true });
export const shows_phase = (page, text) => page.locator('h1', { hasText: new RegExp(`^${text}$`) }).waitFor();
export const shows_old = (page, reason) => page.locator(`.banner.old[data-reason=${reason}]`).waitFor();
export const shows_fresh = (page) => page.locator('.banner.old').waitFor({ state: 'detached' });
export const stop = (page) => button(page, /^(Stop and release|Releasing …|Not delivered.*)$/);

// The browser complains of a broker that is not there.
export function forget_failed_connections(page) {
	page.errors = page.errors.filter((text) => !text.includes('WebSocket'));
}

// What can be pressed, by its text.
export const pressable = (page) => page.evaluate(() =>
	[...document.querySelectorAll('button, input, select, summary, a')]
		.filter((element) => !element.disabled && !element.closest('[inert]') && element.checkVisibility())
		.map((element) => element.textContent));

// By where it hurts, to the start of the shortest session.
export async function choose_short(page) {
	await button(page, 'Upper back').tap();
	await page.locator('.pathway', { hasText: 'Along the shoulder blade' }).getByRole('button', { name: /^Short/ }).tap();
	await button(page, 'Start').tap();
}
