// SPDX-License-Identifier: MIT
//
// For everybody: by keyboard alone; no violation of axe's rules on any view in either scheme; and
// both languages have every text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import path from 'node:path';
import { sizes, top } from './browser.mjs';
import { with_rig } from './harness.mjs';
import { look } from './look.mjs';
import { button, shows_fresh, shows_old, shows_phase } from './page.mjs';

const focused = (page) => page.evaluate(() => document.activeElement.textContent);

async function press(page, text) {
	for (let i = 0; i < 60; i++) {
		await page.keyboard.press('Tab');
		if ((await focused(page)).startsWith(text)) {
			await page.keyboard.press('Enter');
			return;
		}
	}
	assert.fail(`${text} cannot be reached with the Tab key`);
}

with_rig('by keyboard alone', async (rig) => {
	const page = await rig.page({ consented: false });

	await shows_phase(page, 'Ready');
	await press(page, 'Shoulders');
	await press(page, 'Gentle back');
	const { halted } = await rig.will_pass('halt:hold');

	await press(page, 'Start');
	await press(page, 'None of these applies to me');
	await halted;
	await shows_phase(page, 'Holding');
	await press(page, 'Less');
	await rig.expect('request/feedback', '"feedback":"less"');
	await press(page, 'Pause');
	await shows_phase(page, 'Releasing for a pause');
	await press(page, 'Stop and release');
	await rig.expect('event', '"cause":"stop"');
});

for (const scheme of ['light', 'dark'])
	for (const size of Object.keys(sizes))
		with_rig(`axe finds nothing, ${scheme}, ${size}`, async (rig) => {
			const page = await rig.page({ size, scheme, consented: false });
			const name = (view) => `${size}-${scheme}-${view}`;

			await page.locator('.chips').waitFor();
			await look(page, name('places'));
			await button(page, 'All sessions').tap();
			await look(page, name('list'));
			await button(page, 'Where it hurts').tap();
			await button(page, 'Upper back').tap();
			await page.locator('.pathway').first().waitFor();
			await look(page, name('pathways'));
			await page
				.getByRole('button', { name: /^Short/ })
				.first()
				.tap();
			await look(page, name('profile'));
			await button(page, 'Start').tap();
			await look(page, name('consent'));
			const { halted } = await rig.will_pass('halt:hold');

			await button(page, 'None of these applies to me. Start.').tap();
			await halted;
			await shows_phase(page, 'Holding');
			await look(page, name('session'));
			await button(page, 'Chair').tap();
			await page.locator('.drawing canvas').waitFor();
			await page.locator('summary').tap();
			await look(page, name('chair'));
			await button(page, 'Session').tap();
			await page.evaluate(() => globalThis.skip_ms(2100));
			await shows_old(page, 'telemetry');
			await look(page, name('old'));
			await rig.send('estop=1');
			await rig.pass('halt+1');
			await shows_phase(page, 'Fault');
			await shows_fresh(page);
			await look(page, name('fault'));
			await button(page, 'Choose').tap();
			await button(page, 'Chair').tap();
			await look(page, name('chair-fault'));
		});

with_rig('German with a banner: the whole consent is in view', async (rig) => {
	const page = await rig.page({ locale: 'de-DE', consented: false });
	const consent = page.locator('.consent');

	await button(page, 'Alle Sitzungen').tap();
	await page.getByRole('button', { name: /^Short/ }).tap();
	await button(page, 'Starten').tap();
	await rig.publish('alert/pressed', JSON.stringify({ code: 'pressed', text: 'not released' }));
	await page.locator('.banner.caution').waitFor();
	await look(page, 'chair-light-consent-german');
	const [box, stop] = [await consent.boundingBox(), await page.locator('footer').boundingBox()];

	assert.ok(box.y + box.height <= stop.y, 'above the stop');
	assert.ok(
		await consent.evaluate((card) => card.scrollHeight <= card.clientHeight),
		'nothing of it is cut',
	);
});

with_rig('a chair that cannot start gives the reason in place of the consent', async (rig) => {
	const page = await rig.page({ consented: false });

	await button(page, 'All sessions').tap();
	await page.getByRole('button', { name: /^Short/ }).tap();
	await button(page, 'Start').tap();
	await page.locator('.consent').waitFor();
	await rig.send('seat=0');
	await rig.pass('halt+1');
	await page.getByText('Sit down in the chair first.').waitFor();
	assert.equal(await page.locator('.consent').count(), 0);
});

test('both languages have every text, with the same values in it', async () => {
	const [en, de] = await Promise.all(
		['en', 'de'].map(
			async (language) =>
				(await import(path.join(top, `daemon/panel/strings/${language}.js`))).default,
		),
	);
	const values = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

	assert.deepEqual(Object.keys(de), Object.keys(en));
	for (const key of Object.keys(en)) assert.deepEqual(values(de[key]), values(en[key]), key);
});

test('what the shipped atlas, pathways and sessions say has a German word', async () => {
	const { terms } = await import(path.join(top, 'daemon/panel/strings/de.js'));
	const { readFileSync, readdirSync } = await import('node:fs');
	const values = (folder, key) =>
		readdirSync(path.join(top, 'profiles', folder)).flatMap((file) =>
			[
				...readFileSync(path.join(top, 'profiles', folder, file), 'utf8').matchAll(
					new RegExp(`\\b${key} =\\s+"([^"]*)"`, 'g'),
				),
			].map(([, value]) => value),
		);
	const places = [...values('atlas', 'refers_to'), ...values('pathways', 'referral')];
	const names = [
		...values('atlas', 'muscle'),
		...places.flatMap((list) => list.split(', ')),
		...values('pathways', 'title'),
		...values('sessions', 'title'),
	];

	assert.ok(names.length > 80);
	assert.deepEqual([...new Set(names.filter((name) => !terms[name]))], []);
});

test('a chair may have any reason, phase and cause: each has a text', async () => {
	const { default: en } = await import(path.join(top, 'daemon/panel/strings/en.js'));
	const { readFileSync } = await import('node:fs');
	const names = (file, pattern) =>
		[...readFileSync(path.join(top, file), 'utf8').matchAll(pattern)].map(([, name]) => name);
	const phases = names('daemon/core/session_names.c', /\[SESSION_(?!EVENT)\w+\] = "(\w+)"/g);
	const events = names('daemon/core/session_names.c', /\[SESSION_EVENT_\w+\] = "(\w+)"/g);
	const causes = names('daemon/core/session_names.c', /\[CAUSE_(?!NONE)\w+\] = \{ "(\w+)"/g);
	const trips = names('daemon/core/wire.c', /\[REASON_\w+\] = \{ "([\w-]+)",[^}]*true \}/g);

	assert.deepEqual(
		[phases.length, events.length, causes.length].map((n) => n > 8),
		[true, true, true],
	);
	assert.ok(trips.length > 10);
	for (const key of [
		...phases.map((name) => `phase.${name}`),
		...events.map((name) => `event.${name}`),
		...causes.map((name) => `cause.${name}`),
		...trips.flatMap((name) => [`reason.${name}`, `reason.${name}.do`]),
	])
		assert.ok(en[key], key);
});
