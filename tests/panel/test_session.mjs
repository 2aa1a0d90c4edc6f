// SPDX-License-Identifier: MIT
//
// A whole session by touch, from the place of the pain to its end, at each size of screen.
import assert from 'node:assert/strict';
import { sizes } from './browser.mjs';
import { with_rig } from './harness.mjs';
import { button, choose_short, shows_disabled, shows_phase } from './page.mjs';

const HOLD_S = 30; // of deep-upper-back

const intensity = (page) => page.locator('.stepper output');

async function consents(page) {
	await page.getByText('Discuss its use with a physician beforehand.').waitFor();
	await button(page, 'None of these applies to me. Start.').tap();
	const kept = await page.evaluate(() => localStorage.getItem('chaird.consent'));

	assert.ok(!Number.isNaN(Date.parse(kept)), `the consent is kept with its date: ${kept}`);
}

async function answers_feedback(rig, page) {
	for (const [name, feedback] of [
		['Less', 'less'],
		['More', 'more'],
		['Eased', 'eased'],
	]) {
		const mark = rig.mark();

		await page
			.getByRole('group', { name: 'How is it?' })
			.getByRole('button', { name: new RegExp(`^${name}`) })
			.tap();
		await rig.expect('request/feedback', `"feedback":"${feedback}"`, mark);
	}
}

async function changes_intensity(rig, page) {
	const mark = rig.mark();

	await button(page, 'Lower the intensity').tap();
	await rig.expect('target', '"intensity":95.0', mark);
	await intensity(page).filter({ hasText: '95 %' }).waitFor();
}

async function pauses(rig, page) {
	await button(page, 'Pause').tap();
	await shows_phase(page, 'Releasing for a pause');
	await rig.pass('halt:paused');
	await shows_phase(page, 'Paused');
	const mark = rig.mark();

	await button(page, 'Go on').tap();
	await rig.expect('response/resume', '"ok":true', mark);
	await rig.pass('halt:hold');
	await shows_phase(page, 'Holding');
}

async function skips(rig, page) {
	const mark = rig.mark();

	await button(page, 'Skip').tap();
	await rig.expect('response/skip', '"ok":true', mark);
}

for (const size of Object.keys(sizes)) {
	with_rig(`a session by touch, ${size}`, async (rig) => {
		const page = await rig.page({ size, consented: false });

		const { halted } = await rig.will_pass('halt:hold');
		await choose_short(page);
		await consents(page);
		await halted;
		await shows_phase(page, 'Holding');
		await page.getByText('rhomboids, both sides').waitFor();
		assert.equal(await page.locator('.point.current').count(), 2);
		await answers_feedback(rig, page);
		await changes_intensity(rig, page);
		await pauses(rig, page);
		await skips(rig, page);
		await rig.pass('halt:parking');
		await shows_phase(page, 'Going back');
		assert.ok(
			(await page.locator('.point.done').count()) > 0,
			'points that are done are marked',
		);
		await rig.send('go');
		await page.getByText('The session is complete.').waitFor();
		await shows_phase(page, 'Ready');
	});
}

with_rig('the second session asks for no consent', async (rig) => {
	const page = await rig.page({ consented: false });
	const { halted } = await rig.will_pass('halt:hold');

	await choose_short(page);
	await consents(page);
	await halted;
	await rig.publish('set/session', 'stop');
	await rig.pass('halt+10');
	await shows_phase(page, 'Ready');
	await button(page, 'Choose').tap();
	const mark = rig.mark();

	await button(page, 'Start').tap();
	await rig.expect('response/start', '"ok":true', mark);
});

with_rig('every zone of the body leads to what this chair can do for it', async (rig) => {
	const page = await rig.page();
	const names = await page.locator('.chips button').allTextContents();
	const led = {};

	for (const name of names) {
		await button(page, name).tap();
		await page.getByRole('heading', { name, exact: true }).waitFor();
		led[name] = await page.locator('.column button.row strong').allTextContents();
		await button(page, 'Another place').tap();
	}
	assert.equal(names.length, 11);
	assert.deepEqual(
		Object.keys(led).filter((name) => led[name].length === 0),
		[],
	);
	assert.ok(led['Lower legs and feet'].includes('Legs and hamstrings'));
	assert.ok(led.Head.includes('Gentle back'), 'the trapezius is felt at the temple');
});

with_rig('the body can be tapped where it hurts', async (rig) => {
	const page = await rig.page();

	await page.locator('[data-zone=neck] path').tap();
	await page.getByRole('heading', { name: 'Neck', exact: true }).waitFor();
	await page.locator('[data-zone=thigh] path').first().tap();
	await page.getByRole('heading', { name: 'Thighs' }).waitFor();
	await page
		.getByRole('button', { name: /^Legs and hamstrings/ })
		.first()
		.waitFor();
});

with_rig('nobody in the seat: nothing can be started', async (rig) => {
	await rig.send('seat=0');
	await rig.pass('halt+1');
	const page = await rig.page();

	await button(page, 'All sessions').tap();
	await page.getByRole('button', { name: /^Short/ }).tap();
	await page.getByText('Sit down in the chair first.').waitFor();
	await shows_disabled(page, 'Start');
});

with_rig('German, chosen by the browser', async (rig) => {
	const page = await rig.page({ locale: 'de-AT' });

	await shows_phase(page, 'Bereit');
	await button(page, 'Stopp und lösen').waitFor();
	assert.equal(await page.locator('html').getAttribute('lang'), 'de');
	await button(page, 'Oberer Rücken').tap();
	await page.getByRole('heading', { name: 'Am Schulterblatt entlang' }).waitFor();
	await page.getByText('Rand des Schulterblatts').first().waitFor();
	await rig.bring_to('hold');
	await page.getByText('Rautenmuskeln, beidseits').waitFor();
});

with_rig('a reload in mid-session changes nothing', async (rig) => {
	const page = await rig.page();

	await rig.bring_to('hold');
	await shows_phase(page, 'Holding');
	const mark = rig.mark();

	await page.reload();
	await shows_phase(page, 'Holding');
	await page.getByText('rhomboids, both sides').waitFor();
	assert.ok(
		!rig.received.slice(mark).some(({ topic }) => topic === 'state'),
		'the state has not changed',
	);
});

with_rig('two panels agree, and one that is closed changes nothing', async (rig) => {
	const [one, other] = [await rig.page(), await rig.page({ size: 'phone' })];

	await rig.bring_to('hold');
	await shows_phase(one, 'Holding');
	await shows_phase(other, 'Holding');
	await button(one, 'Lower the intensity').tap();
	await intensity(other).filter({ hasText: '95 %' }).waitFor();
	const mark = rig.mark();

	await rig.close(one);
	await button(other, 'Pause').tap();
	await shows_phase(other, 'Releasing for a pause');
	assert.ok(rig.received.slice(mark).every(({ text }) => !text.includes('"phase":"releasing"')));
});

with_rig('eased ends a hold after its minimum', async (rig) => {
	const page = await rig.page();
	const eased = page
		.getByRole('group', { name: 'How is it?' })
		.getByRole('button', { name: /^Eased/ });
	const hold_us = await rig.bring_to('hold', 'deep-upper-back');
	const mark = rig.mark();

	await shows_phase(page, 'Holding');
	await eased.tap();
	await rig.expect('response/feedback', '"ok":true', mark);
	await page.locator('.feedback .eased[aria-pressed=true]').waitFor();
	const release_us = await rig.pass('halt:release');

	await shows_phase(page, 'Releasing');
	assert.ok(release_us - hold_us < HOLD_S * 1e6, `the hold lasts ${release_us - hold_us} us`);
	const { hold } = JSON.parse((await rig.expect('event', '"hold_done"', mark)).text);

	assert.ok(hold.eased_s < 1, `eased ${hold.eased_s} s into the hold`);
	await page.locator('.feedback .eased[aria-pressed=false]').waitFor();
});

// Let the chair's time pass to so many seconds after an exhale began, and the page learn of it: a
// live target carries the time, and whenever the intensity changes there is one.
async function pass_to_breath(rig, now_us, at_s, intensity) {
	const last = rig.received.findLast(({ topic }) => topic === 'target');
	const { t_ms, origin_s, inhale_s, exhale_s } = JSON.parse(last.text).breath;
	const cycle_s = inhale_s + exhale_s;
	const since_s = (now_us / 1e6 - t_ms / 1000 - origin_s) % cycle_s;
	const then_us = await rig.pass(`halt+${(at_s - since_s + cycle_s) % cycle_s}`);
	const mark = rig.mark();

	await rig.publish('set/intensity', String(intensity));
	await rig.expect('target', `"intensity":${intensity}`, mark);
	return then_us;
}

with_rig("the breath follows the chair's, also on a page that was opened later", async (rig) => {
	let now_us = await rig.bring_to('hold');
	const page = await rig.page();
	const shows = (text) => page.locator('.breath', { hasText: text }).waitFor();

	await page.getByRole('img', { name: 'Breath: 2 s in, 3 s out' }).waitFor();
	now_us = await pass_to_breath(rig, now_us, 4, 90);
	await shows('Breathe in');
	now_us = await pass_to_breath(rig, now_us, 1, 80);
	await shows('Breathe out');
	await pass_to_breath(rig, now_us, 4, 70);
	await shows('Breathe in');
});

with_rig('a rhythm of another length and the ease are shown', async (rig) => {
	const page = await rig.page();

	await rig.bring_to('hold');
	await shows_phase(page, 'Holding');
	const target = JSON.parse(rig.received.findLast(({ topic }) => topic === 'target').text);
	const publish = (origin_s) =>
		rig.publish(
			'target',
			JSON.stringify({
				...target,
				ease: 0.8,
				breath: { ...target.breath, origin_s, inhale_s: 4, exhale_s: 6 },
			}),
		);

	await publish(-7);
	await page.getByRole('img', { name: 'Breath: 4 s in, 6 s out' }).waitFor();
	await page.getByText('eased to 80 %').waitFor();
	await page.locator('.breath', { hasText: 'Breathe in' }).waitFor();
	const timing = await page.locator('.circle').evaluate((circle) => {
		const [animation] = circle.getAnimations();

		return { ms: animation.currentTime, ...animation.effect.getTiming() };
	});

	assert.equal(timing.duration, 10000);
	assert.ok(timing.ms >= 7000, 'seven seconds of the breath are over');
	await publish(-2);
	await page.locator('.breath', { hasText: 'Breathe out' }).waitFor();
});
