// SPDX-License-Identifier: MIT
//
// Which chair a panel is for, and what it does not wait for.
import assert from 'node:assert/strict';
import { with_rig } from './harness.mjs';
import { button, forget_failed_connections, shows_fresh, shows_old, shows_phase } from './page.mjs';

const POINTS = 640;

const kept_chair = (page) => page.evaluate(() => localStorage.getItem('chaird.chair'));
const publish_retained = (rig, topic, text) =>
	rig.client.publishAsync(topic, text, { qos: 1, retain: true });

with_rig('the only chair of a broker is found, and kept', async (rig) => {
	const page = await rig.page();

	assert.equal(await kept_chair(page), 'recliner');
	await page.reload();
	await shows_fresh(page);
	assert.equal(await kept_chair(page), 'recliner');
});

with_rig('of two chairs a person chooses one, once', async (rig) => {
	await publish_retained(rig, 'chair/another/availability', 'offline');
	const page = await rig.page({ fresh: false });

	await shows_old(page, 'choose_chair');
	await button(page, 'recliner').tap();
	await shows_fresh(page);
	await shows_phase(page, 'Ready');
	await page.reload();
	await shows_fresh(page);
	await button(page, 'Upper back').tap();
	await page.locator('.pathway').first().waitFor();
});

with_rig('a chair that is no longer there is forgotten', async (rig) => {
	const page = await rig.page();

	await page.evaluate(() => localStorage.setItem('chaird.chair', 'gone'));
	await page.reload();
	await shows_fresh(page);
	assert.equal(await kept_chair(page), 'recliner');
});

with_rig('the address of a page may name its chair', async (rig) => {
	await publish_retained(rig, 'chair/another/availability', 'offline');
	const page = await rig.page({ address: `${rig.url}#chair=recliner` });

	await shows_phase(page, 'Ready');
	assert.equal(await kept_chair(page), null);
	const other = await rig.page({ fresh: false, address: `${rig.url}#chair=another` });

	await shows_old(other, 'offline');
});

with_rig('no chair yet, and then one', async (rig) => {
	const page = await rig.page({ fresh: false, address: `${rig.url}#prefix=elsewhere` });

	await shows_old(page, 'waiting');
	await page.evaluate(() => globalThis.skip_ms(2100));
	await shows_old(page, 'no_chair');
	await publish_retained(rig, 'elsewhere/recliner/availability', 'offline');
	await shows_old(page, 'offline');
});

with_rig('a large atlas holds nothing up', async (rig) => {
	const atlas = JSON.parse(rig.received.find(({ topic }) => topic === 'atlas').text);
	const more = Array.from({ length: POINTS - atlas.points.length }, (_, index) => ({
		...atlas.points[index % atlas.points.length],
		name: `more.${index}`,
	}));

	await publish_retained(
		rig,
		'chair/recliner/atlas',
		JSON.stringify({ ...atlas, points: [...atlas.points, ...more] }),
	);
	const page = await rig.page({ fresh: false, consented: false, address: 'about:blank' });
	const largest = []; // message, of each connection

	page.on('websocket', (socket) => {
		const index = largest.push(0) - 1;

		socket.on('framereceived', ({ payload }) => {
			largest[index] = Math.max(largest[index], payload.length);
		});
	});
	await page.goto(rig.url);
	await shows_fresh(page);
	await button(page, 'Upper back').tap();
	await page
		.locator('.pathway', { hasText: 'Along the shoulder blade' })
		.getByRole('button', { name: /^Short/ })
		.waitFor();
	assert.equal(largest.length, 2);
	assert.ok(largest[0] < 10000 && largest[1] > 100000, `${largest} bytes`);
});

with_rig('a chair without an atlas offers its sessions as a list', async (rig) => {
	await publish_retained(rig, 'chair/recliner/atlas', '');
	const page = await rig.page();

	await page.getByText('The chair has not sent its map of the body.').waitFor();
	await page.getByRole('button', { name: /^Short/ }).waitFor();
});

with_rig('a message that cannot be read holds up nothing behind it', async (rig) => {
	const page = await rig.page();
	const later = []; // connections

	page.on('websocket', (socket) => later.push(socket.url()));
	await rig.publish('target', '{');
	await rig.bring_to('hold');
	await shows_phase(page, 'Holding');
	assert.deepEqual(later, []);
	assert.equal(page.errors.length, 1);
	page.errors = [];
});

with_rig('what a connection had in flight is not sent again by the next one', async (rig) => {
	const page = await rig.page();
	const sent = []; // pauses

	page.on('websocket', (socket) =>
		socket.on('framesent', ({ payload }) => {
			if (payload.includes('/request/pause')) sent.push(payload);
		}),
	);
	await page.reload();
	await shows_fresh(page);
	await rig.bring_to('hold');
	await shows_phase(page, 'Holding');
	rig.broker.child.kill('SIGSTOP'); // it takes nothing more
	await button(page, 'Pause').tap();
	await rig.broker.kill();
	await shows_old(page, 'broker');
	const mark = rig.mark();

	await rig.start_broker();
	await rig.expect('availability', 'online', mark);
	await shows_fresh(page);
	await shows_phase(page, 'Holding');
	assert.equal(sent.length, 1);
	forget_failed_connections(page);
});
