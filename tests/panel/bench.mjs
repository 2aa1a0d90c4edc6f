// SPDX-License-Identifier: MIT
//
// How long the panel takes to its first usable view, from the local broker, on a processor that is
// a quarter as fast as this one; and how long two panels take to agree. Figures, no verdicts.
import { close_browser } from './browser.mjs';
import { button, shows_phase } from './page.mjs';
import { Rig } from './rig.mjs';

const TRIES = 5;
const SLOWER = 4;

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const row = (what, ms, target) =>
	console.log(`${what.padEnd(40)} ${String(Math.round(ms)).padStart(6)} ms   target ${target}`);

// The processor's time of the page's main thread does not depend on what else this machine does.
async function first_view(rig) {
	const page = await rig.page({ real_time: true, fresh: false, address: 'about:blank' });
	const session = await page.context().newCDPSession(page);

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
	const { metrics } = await session.send('Performance.getMetrics');

	return { wall_ms, thread_ms: 1000 * metrics.find(({ name }) => name === 'TaskDuration').value };
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
const views = [];

for (let i = 0; i < TRIES; i++) views.push(await first_view(rig));
row('panel: first usable view, 4x slower', median(views.map(({ wall_ms }) => wall_ms)), '1000');
row('panel: its main thread until then', median(views.map(({ thread_ms }) => thread_ms)), 'none');
row('panel: a change seen at another panel', await agreement_ms(rig), '200');
await rig.end();
await close_browser();
