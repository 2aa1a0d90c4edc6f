// SPDX-License-Identifier: MIT
//
// Debian's browser, and pages in it whose clock belongs to the test.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

export const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const require = createRequire(path.join(top, 'build/npm/'));
const { chromium } = require('playwright-core');
const axe = require('axe-core');

export const SOON_MS = Number(process.env.SOON_MS ?? 120000); // against hanging, and nothing else

export const sizes = {
	chair: { width: 800, height: 480 }, // a 7-inch screen
	phone: { width: 390, height: 844 },
	tablet: { width: 1024, height: 768 },
};

// In the page: performance.now() and Date.now() stand still from the start; `skip` moves them on.
// Timers are left alone, so that the connection lives.
function hold_time() {
	const begun = { monotonic: performance.now(), wall: Date.now() };
	let passed_ms = 0;

	performance.now = () => begun.monotonic + passed_ms;
	Date.now = () => begun.wall + passed_ms;
	globalThis.skip_ms = (ms) => {
		passed_ms += ms;
	};
}

let browser = null;
export async function open_browser() {
	browser ??= await chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: [
			'--headless',
			'--no-sandbox',
			'--disable-gpu',
			'--disable-dev-shm-usage',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
		],
	});
	return browser;
}

export async function close_browser() {
	await browser?.close();
	browser = null;
}

// A page of the panel. fetched: the hosts of everything that it asked for.
export async function open_page(
	url,
	{
		size = 'chair',
		scheme = 'light',
		locale = 'en-GB',
		consented = true,
		real_time = false,
		address = url,
	} = {},
) {
	const context = await (
		await open_browser()
	).newContext({
		viewport: sizes[size],
		colorScheme: scheme,
		locale,
		hasTouch: true,
		deviceScaleFactor: 1,
	});
	const page = await context.newPage();

	context.setDefaultTimeout(SOON_MS);
	page.fetched = new Set();
	page.errors = [];
	const note = (address) =>
		/^(about|data|blob):/.test(address) || page.fetched.add(new URL(address).host);

	page.on('request', (request) => note(request.url()));
	page.on('websocket', (socket) => note(socket.url()));
	page.on('pageerror', (error) => page.errors.push(error.message));
	page.on('console', (message) => message.type() === 'error' && page.errors.push(message.text()));
	if (!real_time) await page.addInitScript(hold_time);
	if (consented)
		await page.addInitScript(() =>
			localStorage.setItem('chaird.consent', '2026-01-02T03:04:05.000Z'),
		);
	await page.goto(address);
	return page;
}

// Violations of the rules of accessibility, as lines of text.
export async function violations(page) {
	await page.evaluate(axe.source);
	const { violations: found } = await page.evaluate(() => globalThis.axe.run());

	return found.flatMap(({ id, nodes }) =>
		nodes.map(
			({ html, failureSummary }) =>
				`${id}: ${html.slice(0, 160)}: ${failureSummary.replace(/\s+/g, ' ').slice(0, 200)}`,
		),
	);
}
