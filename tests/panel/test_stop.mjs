// SPDX-License-Identifier: MIT
//
// Stop and release: in every phase it reaches the pins within one step of the guard, and nothing
// holds it back.
import assert from 'node:assert/strict';
import { sizes } from './browser.mjs';
import { with_rig } from './harness.mjs';
import {
	button,
	forget_failed_connections,
	hold_forward,
	open_technicians_part,
	shows_old,
	shows_phase,
	stop,
} from './page.mjs';

const GUARD_STEP_US = 20000;
const WATCHED_US = 2000000;
// What a release drives: a press goes back, a cell vents; the square wave of the relay goes on.
const releases = (line) => /^(depth\.(reverse|pwm)|\w+\.vent|enable)$/.test(line);

// Everything else is off one step after the stop arrived, and stays off.
function assert_off(rig, stop_us) {
	const last = {};

	for (const { t_us, line, on } of rig.pins()) {
		if (t_us > stop_us + GUARD_STEP_US && on && !releases(line))
			assert.fail(`${line} goes on ${t_us - stop_us} us after the stop`);
		if (t_us <= stop_us + GUARD_STEP_US) last[line] = on;
	}
	assert.deepEqual(
		Object.keys(last).filter((line) => last[line] && !releases(line)),
		[],
	);
	assert.ok(Object.keys(last).length > 0, 'the pins have moved before');
}

async function stop_in(rig, page, phase) {
	const mark = rig.mark();
	const stop_us = await rig.bring_to(phase);

	await stop(page).tap();
	await rig.expect('event', '"cause":"stop"', mark);
	await rig.expect('state', '"phase":"releasing"', mark);
	await shows_phase(page, 'Releasing');
	await rig.pass(`halt+${WATCHED_US / 1e6}`);
	assert_off(rig, stop_us);
}

for (const phase of [
	'arming',
	'homing',
	'approach',
	'press',
	'hold',
	'release',
	'rest',
	'stroke',
	'knead',
	'break',
	'parking',
])
	with_rig(`stop in ${phase} reaches the pins`, async (rig) =>
		stop_in(rig, await rig.page(), phase),
	);

for (const phase of ['pausing', 'paused'])
	with_rig(`stop in ${phase} reaches the pins`, async (rig) => {
		const page = await rig.page();
		const hold_us = await rig.bring_to('hold');

		await button(page, 'Pause').tap();
		await shows_phase(page, 'Releasing for a pause');
		const stop_us = phase === 'paused' ? await rig.pass('halt:paused') : hold_us;
		const mark = rig.mark();

		await stop(page).tap();
		await rig.expect('event', '"cause":"stop"', mark);
		await rig.pass(`halt+${WATCHED_US / 1e6}`);
		assert_off(rig, stop_us);
	});

// The heartbeat passes in real time: if a busy machine misses one, the chair releases sooner, and
// what the stop has to leave behind is the same.
with_rig('stop while a part is moved by hand reaches the pins', async (rig) => {
	const page = await rig.page();

	await rig.pass('halt');
	await open_technicians_part(page);
	const mark = rig.mark();

	await hold_forward(page, 'depth');
	await rig.expect('request/jog', '"drive_permille":200', mark);
	const stop_us = await rig.pass('halt+1');

	await stop(page).tap();
	await rig.expect('set/session', 'stop', mark);
	await rig.publish('request/ping', JSON.stringify({ id: 'behind-the-stop' }));
	await rig.expect('response/ping', '"behind-the-stop"', mark);
	await rig.pass(`halt+${WATCHED_US / 1e6}`);
	assert_off(rig, stop_us);
	await page.mouse.up();
});

for (const size of Object.keys(sizes))
	with_rig(`stop is on every view, at the bottom, large and alone, ${size}`, async (rig) => {
		const page = await rig.page({ size });

		for (const view of ['Choose', 'Session', 'Chair']) {
			await button(page, view).tap();
			const box = await stop(page).boundingBox();

			assert.ok(box.height >= 96, `${view}: ${box.height} px high`);
			assert.ok(box.width >= 0.9 * sizes[size].width, `${view}: ${box.width} px wide`);
			assert.ok(
				box.y + box.height <= sizes[size].height && box.y > sizes[size].height / 2,
				`${view}: at the bottom`,
			);
			assert.equal(await page.locator('footer button').count(), 1);
		}
	});

with_rig('stop is sent again until the chair releases', async (rig) => {
	const page = await rig.page();
	const mark = rig.mark();
	const stops = () =>
		rig.received
			.slice(mark)
			.filter(({ topic, text }) => topic === 'set/session' && text === 'stop').length;

	await rig.bring_to('hold');
	await shows_phase(page, 'Holding');
	rig.chaird.child.kill('SIGSTOP'); // it hears nothing, and the broker keeps the messages
	await stop(page).tap();
	await rig.expect('set/session', 'stop', mark);
	const once = rig.mark();

	await page.evaluate(() => globalThis.skip_ms(450));
	await rig.expect('set/session', 'stop', once);
	rig.chaird.child.kill('SIGCONT');
	await shows_phase(page, 'Releasing');
	await button(page, 'Stop and release').waitFor(); // no longer "Releasing …" on the button
	const sent = stops();

	await page.evaluate(() => globalThis.skip_ms(2000));
	await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 600))); // two ticks of the page
	assert.equal(stops(), sent);
});

with_rig('a stop that cannot be sent goes out with the next connection', async (rig) => {
	const page = await rig.page();

	await rig.bring_to('hold');
	await shows_phase(page, 'Holding');
	await rig.broker.kill();
	await shows_old(page, 'broker');
	await stop(page).tap();
	await page.getByText('Pull the emergency stop at the chair if it does not release.').waitFor();
	const mark = rig.mark();

	await rig.start_broker();
	await rig.expect('availability', 'online', mark);
	await page.evaluate(() => globalThis.skip_ms(450)); // what was sent before the controller was back is lost
	await rig.expect('event', '"cause":"stop"', mark);
	forget_failed_connections(page);
});
