// SPDX-License-Identifier: MIT
//
// Names and passwords, and the technician's rights, with the shipped list of rights
// (systemd/mosquitto).
import assert from 'node:assert/strict';
import { with_rig } from './harness.mjs';
import {
	button,
	hold_forward,
	open_technicians_part,
	shows_fresh,
	shows_old,
	shows_phase,
	stop,
} from './page.mjs';

async function log_in(page, name, password = name) {
	await shows_old(page, 'refused');
	await page.getByLabel('Name').fill(name);
	await page.getByLabel('Password').fill(password);
	await button(page, 'Connect').tap();
}

const secured = { secured: true };

with_rig(
	'a panel gives its name and password once',
	async (rig) => {
		const page = await rig.page({ fresh: false });

		await log_in(page, 'panel', 'wrong');
		await page.getByText('The chair does not know this name with this password.').waitFor();
		await log_in(page, 'panel');
		await shows_fresh(page);
		await page.reload();
		await shows_fresh(page);
	},
	secured,
);

with_rig(
	'a panel may not use what only the technician may',
	async (rig) => {
		const page = await rig.page({ fresh: false });

		await log_in(page, 'panel');
		await shows_fresh(page);
		await open_technicians_part(page);
		await button(page, 'Find its place').tap();
		await page.getByText('This name may not do that. The technician may.').waitFor();
		await button(page, 'Connect as somebody else').tap();
		const mark = rig.mark();

		await log_in(page, 'technician');
		await shows_fresh(page);
		await page.getByText('For the technician').tap();
		await button(page, 'Find its place').tap();
		await rig.expect('response/home', '"ok":true', mark);
	},
	secured,
);

with_rig('a part moves while its button is held, and no longer', async (rig) => {
	const page = await rig.page();
	const jogs = (mark) =>
		rig.received
			.slice(mark)
			.filter(({ topic }) => topic === 'request/jog')
			.map(({ text }) => JSON.parse(text).args);

	await rig.pass('halt'); // or the carriage would be at its end before a person's next move
	await open_technicians_part(page);
	let mark = rig.mark();

	await hold_forward(page, 'carriage');
	const forward = await button(page, 'Forward').boundingBox();

	await rig.expect('request/jog', '"drive_permille":200', mark);
	mark = rig.mark();
	await rig.expect('request/jog', '"drive_permille":200', mark); // its heartbeat
	mark = rig.mark();
	await page.mouse.move(forward.x - 40, forward.y - 40); // the finger slips off
	await rig.expect('request/jog', '"drive_permille":0', mark);
	await page.mouse.up();
	mark = rig.mark();
	await button(page, 'Back').focus();
	await page.keyboard.down('Enter');
	await rig.expect('request/jog', '"drive_permille":-200', mark);
	await page.keyboard.up('Enter');
	await rig.expect('request/jog', '"drive_permille":0', mark);
	mark = rig.mark();
	await button(page, 'Back').focus();
	await page.keyboard.down('Enter');
	await rig.expect('request/jog', '"drive_permille":-200', mark);
	await page.evaluate(() => globalThis.skip_ms(2100)); // nothing arrives: its button is out of reach
	await rig.expect('request/jog', '"drive_permille":0', mark);
	assert.ok(
		jogs(0).every(
			({ actuator, heartbeat_ms }) => actuator === 'carriage' && heartbeat_ms <= 500,
		),
	);
});

with_rig('a movement that was stopped elsewhere is not begun again', async (rig) => {
	const [page, other] = [await rig.page(), await rig.page({ size: 'phone' })];
	const mark = rig.mark();

	await rig.pass('halt');
	await open_technicians_part(page);
	await hold_forward(page, 'carriage');
	await rig.expect('request/jog', '"drive_permille":200', mark);
	await stop(other).tap();
	await rig.expect('set/session', 'stop', mark);
	await rig.expect('request/jog', '"drive_permille":0', mark); // with the button still down
	await page.mouse.up();
});

with_rig('the plot is loaded when it is first shown', async (rig) => {
	const page = await rig.page();
	const files = () =>
		page.evaluate(() =>
			[...document.querySelectorAll('script[src], link[rel=stylesheet]')].map((element) =>
				(element.src ?? element.href).replace(/.*\/|-.*/g, ''),
			),
		);

	assert.deepEqual(await files(), [], 'all else is in the page');
	await rig.bring_to('hold');
	await shows_phase(page, 'Holding');
	await button(page, 'Chair').tap();
	await page.locator('.drawing canvas').waitFor();
	assert.deepEqual(await files(), ['plot', 'plot']);
});
