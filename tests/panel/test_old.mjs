// SPDX-License-Identifier: MIT
//
// What is old is shown as old, with the reason, and then nothing but stop can be pressed.
import assert from 'node:assert/strict';
import { with_rig } from './harness.mjs';
import {
	button,
	forget_failed_connections,
	pressable,
	shows_disabled,
	shows_enabled,
	shows_fresh,
	shows_old,
	shows_phase,
	stop,
} from './page.mjs';

async function assert_only_stop(page) {
	const texts = await pressable(page);

	assert.equal(texts.length, 1, texts.join(' | '));
	assert.match(texts[0], /Stop and release|Releasing|Not delivered/);
}

with_rig('telemetry older than two seconds', async (rig) => {
	const page = await rig.page();

	await rig.bring_to('hold');
	await shows_phase(page, 'Holding');
	await page.evaluate(() => globalThis.skip_ms(1900));
	await shows_enabled(page, 'Pause');
	await page.evaluate(() => globalThis.skip_ms(200));
	await shows_old(page, 'telemetry');
	await page.getByText('Nothing was heard from the chair for 2 s.').waitFor();
	await assert_only_stop(page);
	await stop(page).tap();
	await rig.expect('state', '"phase":"releasing"');
	const passing = rig.pass('halt:idle');

	await shows_phase(page, 'Ready');
	await shows_fresh(page);
	await passing;
});

with_rig('a quiet controller that answers nothing', async (rig) => {
	const page = await rig.page();

	rig.chaird.child.kill('SIGSTOP');
	// What it sent before may still come and count as fresh, so time passes until it is old, too: in
	// steps between which the page does not seem to have slept.
	await page.waitForFunction(
		() => {
			globalThis.skip_ms(300);
			return document.querySelector('.banner.old[data-reason=telemetry]');
		},
		undefined,
		{ polling: 100 },
	);
	await assert_only_stop(page);
	rig.chaird.child.kill('SIGCONT');
	await shows_fresh(page);
});

with_rig('the broker killed, and back', async (rig) => {
	const page = await rig.page();

	await rig.bring_to('hold');
	await shows_phase(page, 'Holding');
	await rig.broker.kill();
	await shows_old(page, 'broker');
	await assert_only_stop(page);
	await shows_phase(page, 'Holding'); // seen, as old
	const mark = rig.mark();

	await rig.start_broker();
	await rig.expect('availability', 'online', mark);
	await shows_fresh(page);
	await button(page, 'Pause').tap();
	await shows_phase(page, 'Releasing for a pause');
	forget_failed_connections(page);
});

with_rig('the controller ended, and back', async (rig) => {
	const page = await rig.page();

	await rig.chaird.kill('SIGTERM');
	await shows_old(page, 'offline');
	await assert_only_stop(page);
	rig.start_chaird();
	await shows_fresh(page);
});

with_rig('the guard killed, and back', async (rig) => {
	const page = await rig.page();

	await rig.bring_to('hold');
	await shows_phase(page, 'Holding');
	await rig.guard.kill();
	await shows_old(page, 'guard');
	await assert_only_stop(page);
	await rig.start_guard();
	await shows_fresh(page);
	await shows_phase(page, 'Ready');
});

with_rig(
	'without its guard the chair shows as unknown what only the guard reports',
	async (rig) => {
		const page = await rig.page();
		const row = (name) =>
			page.locator('dl div', { hasText: new RegExp(`^${name}`) }).locator('dd');

		await button(page, 'Chair').tap();
		await row('Seat').filter({ hasText: 'somebody sits there' }).waitFor();
		await row('Emergency stop').filter({ hasText: 'ready' }).waitFor();
		await rig.guard.kill();
		await shows_old(page, 'guard');
		for (const name of ['Seat', 'Emergency stop', 'Presses'])
			await row(name)
				.filter({ hasText: /^not known$/ })
				.waitFor();
	},
);

with_rig('a page that slept asks again', async (rig) => {
	const page = await rig.page();

	await page.evaluate(() => {
		globalThis.seen = [];
		new MutationObserver(() => {
			globalThis.seen.push(document.querySelector('.banner.old')?.dataset.reason);
		}).observe(document.querySelector('.banners'), {
			childList: true,
			subtree: true,
			attributes: true,
		});
		globalThis.skip_ms(60000);
	});
	await page.waitForFunction(() => globalThis.seen.includes('slept'));
	await shows_fresh(page);
});

with_rig('the emergency stop is shown in plain words, with a remedy', async (rig) => {
	const page = await rig.page();

	await rig.bring_to('hold');
	await rig.send('estop=1');
	await rig.pass('halt+1');
	await shows_phase(page, 'Fault');
	await page.getByText('The emergency stop is pulled.').first().waitFor();
	await page
		.locator('.banner')
		.getByText('Push it back when all is well, then press the reset button at the chair.')
		.waitFor();
	await page.locator('.banner').getByText('turn it back by hand').waitFor();
	await button(page, 'Choose').tap();
	await button(page, 'All sessions').tap();
	await page.getByRole('button', { name: /^Short/ }).tap();
	await shows_disabled(page, 'Start');
	await rig.send('estop=0');
	await rig.pass('halt+1');
	await rig.send('reset');
	await rig.pass('halt+1');
	await shows_phase(page, 'Ready');
	await shows_enabled(page, 'Start');
});
