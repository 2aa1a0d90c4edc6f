// SPDX-License-Identifier: MIT
//
// Parts of a page that a test sees and presses.
export const button = (page, name) => page.getByRole('button', { name, exact: true });
// It may be drawn before what decides whether it can be pressed has arrived.
export const shows_enabled = (page, name) =>
	page.getByRole('button', { name, exact: true, disabled: false }).waitFor();
export const shows_disabled = (page, name) =>
	page.getByRole('button', { name, exact: true, disabled: true }).waitFor();
export const shows_phase = (page, text) =>
	page.locator('h1', { hasText: new RegExp(`^${text}$`) }).waitFor();
export const shows_old = (page, reason) =>
	page.locator(`.banner.old[data-reason=${reason}]`).waitFor();
export const shows_fresh = (page) => page.locator('.frame:not(.is-old)').waitFor();
export const stop = (page) => button(page, /^(Stop and release|Releasing …|Not delivered.*)$/);

// The browser complains of a broker that is not there.
export function forget_failed_connections(page) {
	page.errors = page.errors.filter((text) => !text.includes('WebSocket'));
}

// What can be pressed, by its text.
export const pressable = (page) =>
	page.evaluate(() =>
		[...document.querySelectorAll('button, input, select, summary, a')]
			.filter(
				(element) =>
					!element.disabled && !element.closest('[inert]') && element.checkVisibility(),
			)
			.map((element) => element.textContent),
	);

// By the place of the pain, to the start of the shortest session.
export async function choose_short(page) {
	await button(page, 'Upper back').tap();
	await page
		.locator('.pathway', { hasText: 'Along the shoulder blade' })
		.getByRole('button', { name: /^Short/ })
		.tap();
	await button(page, 'Start').tap();
}

export async function open_technicians_part(page) {
	await button(page, 'Chair').tap();
	await page.getByText('For the technician').tap();
}

// The page keeps up the heartbeat from now on.
export async function hold_forward(page, part) {
	await page.getByLabel('Part').selectOption(part);
	await button(page, 'Forward').hover();
	await page.mouse.down();
}
