// SPDX-License-Identifier: MIT
//
// People by name: for whom a session is, their consent, and what is closed to them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sizes, top } from './browser.mjs';
import { with_rig } from './harness.mjs';
import { look } from './look.mjs';
import { button, shows_disabled, shows_enabled, shows_phase } from './page.mjs';

const people = `persons = (
  { name = "anna"; height_cm = 164.0; ceiling_intensity = 60.0; closed = (
    { points = [ "rhomboid.left" ]; reason = "a wound"; },
    { regions = [ "thigh", "calf" ]; reason = "thrombosis in the family"; } ); },
  { name = "ben"; height_cm = 188.0; },
  { name = "eve"; height_cm = 175.0; closed = ( { regions = [ "all" ]; reason = "pregnant"; } ); }
);
`;
const YES = 'None of these applies to me. Start.';

async function choose(page, name, profile = /^Short/) {
	await button(page, name).tap();
	await button(page, 'All sessions').tap();
	await page.getByRole('button', { name: profile }).tap();
}

with_rig('without people nobody is asked for', async (rig) => {
	const page = await rig.page();

	await page.getByText('Where do you feel it?').waitFor();
	assert.equal(await page.getByText('Who sits in the chair?').count(), 0);
	await button(page, 'All sessions').tap();
	await page.getByRole('button', { name: /^Short/ }).tap();
	await button(page, 'Start').waitFor();
	assert.equal(await page.locator('.for').count(), 0);
});

for (const size of Object.keys(sizes))
	with_rig(
		`a first session of a person, ${size}`,
		async (rig) => {
			const page = await rig.page({ size, consented: false });
			const name = (view) => `${size}-light-person-${view}`;

			await page.getByText('Who sits in the chair?').waitFor();
			await look(page, name('who'));
			await choose(page, 'anna');
			await page.getByText('Closed to anna: rhomboids (a wound)').waitFor();
			await look(page, name('profile'));
			await button(page, 'Start').tap();
			await page.getByText('Before the first session of anna').waitFor();
			await look(page, name('consent'));
			const mark = rig.mark();
			const { halted } = await rig.will_pass('halt:hold');

			await button(page, YES).tap();
			await rig.expect('request/consent', '"person":"anna"', mark);
			await halted;
			await rig.expect('state', '"person":"anna"', mark);
			await shows_phase(page, 'Holding');
			await page.getByText('rhomboids', { exact: true }).waitFor(); // the right one alone
			await button(page, 'Chair').tap();
			await page.locator('dd', { hasText: /^anna$/ }).waitFor();
		},
		{ people },
	);

with_rig(
	'the chair keeps the consent, and each session asks for whom it is',
	async (rig) => {
		const page = await rig.page({ consented: false });
		const mark = rig.mark();
		let halted = await rig.will_pass('halt:hold');

		await choose(page, 'ben');
		await button(page, 'Start').tap();
		await button(page, 'Not now').tap();
		await button(page, 'Start').tap();
		await button(page, YES).tap();
		await halted.halted;
		await rig.publish('set/session', 'stop');
		await rig.pass('halt+10');
		await shows_phase(page, 'Ready');
		assert.equal(
			await page.evaluate(() => localStorage.getItem('chaird.consent')),
			null,
			'not the device',
		);
		await button(page, 'Choose').tap();
		await page.getByText('Who sits in the chair?').waitFor();
		const other = await rig.page({ consented: false }); // another device

		halted = await rig.will_pass('halt:hold');
		await choose(other, 'ben');
		await button(other, 'Start').tap();
		await halted.halted;
		await rig.expect('state', '"person":"ben"', mark);
		await shows_phase(other, 'Holding');
	},
	{ people },
);

with_rig(
	'nobody by name is asked by this device',
	async (rig) => {
		const page = await rig.page({ consented: false });

		await choose(page, 'Somebody else');
		assert.equal(await page.locator('p.closed').count(), 0);
		await button(page, 'Start').tap();
		await page.getByText('Before your first session').waitFor();
		const mark = rig.mark();
		const { halted } = await rig.will_pass('halt:hold');

		await button(page, YES).tap();
		await halted;
		await rig.expect('state', '"person":null', mark);
	},
	{ people },
);

with_rig(
	'a session of which all is closed cannot be started, and gives the reason',
	async (rig) => {
		const page = await rig.page();

		await choose(page, 'eve');
		await page.getByText('All that it presses is closed to eve.').waitFor();
		await page.getByText(/^Closed to eve: .*\(pregnant\)$/).waitFor();
		await shows_disabled(page, 'Start');
		await button(page, 'Another person').tap();
		await button(page, 'ben').tap();
		await button(page, 'Start').waitFor();
		await shows_enabled(page, 'Start');
	},
	{ people },
);

with_rig(
	'German: the translation, and the text that is kept, are in view',
	async (rig) => {
		const page = await rig.page({ locale: 'de-DE', consented: false });

		await button(page, 'ben').tap();
		await button(page, 'Alle Sitzungen').tap();
		await page.getByRole('button', { name: /^Short/ }).tap();
		await button(page, 'Starten').tap();
		await page.getByText('Vor der ersten Sitzung von ben').waitFor();
		await look(page, 'chair-light-person-consent-german');
		const [box, stop] = [
			await button(page, 'Nichts davon trifft zu. Starten.').boundingBox(),
			await page.locator('footer').boundingBox(),
		];

		assert.ok(box.y + box.height <= stop.y, 'above the stop');
		assert.ok(
			await page
				.locator('.consent')
				.evaluate((card) => card.scrollHeight <= card.clientHeight),
			'nothing of it is cut',
		);
		await page.getByText('im englischen Wortlaut').tap();
		await page.getByText('By accepting you confirm that none of these applies').waitFor();
	},
	{ people },
);

with_rig(
	'with the shipped rights the panel may take the consent',
	async (rig) => {
		const page = await rig.page({ consented: false, fresh: false });

		await page.getByLabel('Name').fill('panel');
		await page.getByLabel('Password').fill('panel');
		await button(page, 'Connect').tap();
		await choose(page, 'ben');
		const mark = rig.mark();

		await button(page, 'Start').tap();
		await button(page, YES).tap();
		await rig.expect('request/consent', '"person":"ben"', mark);
		await rig.expect('request/start', '"person":"ben"', mark);
	},
	{ people, secured: true },
);

test('the English text is the one that the chair keeps', async () => {
	const { default: en } = await import(path.join(top, 'daemon/panel/strings/en.js'));
	const source = readFileSync(path.join(top, 'daemon/control/consent_book.c'), 'utf8');
	const [, quoted] = /const char consent_text\[\] =\n([^;]*(?:;[^;]*)*?);\n\nstruct/.exec(source);
	const text = [...quoted.matchAll(/"(.*)"/g)].map(([, part]) => part).join('');

	assert.equal(en['consent.whole'], text);
});
