// SPDX-License-Identifier: MIT
//
// How long the panel takes to its first usable view, from the local broker, on a processor that is
// a quarter as fast as this one; and how long two panels take to agree. Figures, no verdicts.
import { close_browser } from './browser.mjs';
import { button, shows_phase } from './page.mjs';
import { Rig } from './rig.mjs';

const TRIES = 5;
const SLOWER = 4;
const POINTS = 640; // of a large atlas

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const row = (what, ms, target) =>
	console.log(`${what.padEnd(40)} ${String(Math.round(ms)).padStart(6)} ms   target ${target}`);

// In the page: when it was read, when the socket to the broker was open, and when the first view was
// drawn, which may be before anything in it is known.
function note_times() {
	const times = (globalThis.times = {});
	const NativeSocket = WebSocket;

	globalThis.WebSocket = class extends NativeSocket {
		constructor(...args) {
			super(...args);
			this.addEventListener('open', () => (times.socket_ms ??= performance.now()));
		}
	};
	new MutationObserver((_, observer) => {
		if (!document.querySelector('.frame')) return;
		times.drawn_ms = performance.now();
		observer.disconnect();
	}).observe(document, { childList: true, subtree: true });
}

// The processor's time of the page's main thread does not depend on what else this machine does.
async function first_view(rig, kept_chair) {
	const page = await rig.page({ real_time: true, fresh: false, address: 'about:blank' });
	const session = await page.context().newCDPSession(page);

	await page.addInitScript(note_times);
	if (kept_chair)
		await page.addInitScript((name) => localStorage.setItem('chaird.chair', name), kept_chair);
	await session.send('Performance.enable', { timeDomain: 'threadTicks' });
	await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
	await page.goto(rig.url);
	await page.evaluate(
		() =>
			new Promise((resolve) => {
				const look = () =>
					document.querySelector('.view:not([inert]) .chips button')
						? resolve()
						: requestAnimationFrame(look);

				look();
			}),
	);
	const wall_ms = await page.evaluate(() => performance.now());
	const times = await page.evaluate(() => ({
		...globalThis.times,
		read_ms: performance.getEntriesByType('navigation')[0].responseEnd,
	}));
	const { metrics } = await session.send('Performance.getMetrics');

	await rig.close(page);
	return {
		wall_ms,
		...times,
		thread_ms: 1000 * metrics.find(({ name }) => name === 'TaskDuration').value,
	};
}

async function first_views(rig, kept_chair) {
	const views = [];

	for (let i = 0; i < TRIES; i++) views.push(await first_view(rig, kept_chair));
	return (name) => median(views.map((view) => view[name]));
}

// In place of the chair's own: as many points, in the same places.
async function publish_large_atlas(rig) {
	const atlas = JSON.parse(rig.received.findLast(({ topic }) => topic === 'atlas').text);
	const points = Array.from({ length: POINTS }, (_, index) => ({
		...atlas.points[index % atlas.points.length],
		name: `point.${index}`,
	}));

	await rig.client.publishAsync('chair/recliner/atlas', JSON.stringify({ ...atlas, points }), {
		qos: 1,
		retain: true,
	});
}

async function agreement_ms(rig) {
	const [one, other] = [
		await rig.page({ real_time: true }),
		await rig.page({ real_time: true, size: 'phone' }),
	];

	await rig.bring_to('hold');
	await shows_phase(other, 'Holding');
	const seen = other.evaluate(
		() =>
			new Promise((resolve) => {
				const output = document.querySelector('.stepper output');

				new MutationObserver(() => resolve(Date.now())).observe(output, {
					characterData: true,
					childList: true,
					subtree: true,
				});
			}),
	);

	await button(one, 'Lower the intensity').evaluate((element) => {
		globalThis.pressed = Date.now();
		element.click();
	});
	return (await seen) - (await one.evaluate(() => globalThis.pressed));
}

const rig = await Rig.start();
const first = await first_views(rig);

row('panel: first usable view, 4x slower', first('wall_ms'), '1000');
row('panel:   its page has come', first('read_ms'), 'none');
row('panel:   the view is drawn', first('drawn_ms'), 'none');
row('panel:   its socket is open', first('socket_ms'), 'none');
row('panel: its main thread until then', first('thread_ms'), 'none');
row('panel: the same on a later visit', (await first_views(rig, 'recliner'))('wall_ms'), '1000');
await publish_large_atlas(rig);
row(`panel: the same, an atlas of ${POINTS} points`, (await first_views(rig))('wall_ms'), '1000');
row('panel: a change seen at another panel', await agreement_ms(rig), '200');
await rig.end();
await close_browser();
