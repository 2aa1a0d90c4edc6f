// SPDX-License-Identifier: MIT
//
// A whole session by touch, from where it hurts to its end, at each size of screen.
import assert from 'node:assert/strict';
import { sizes } from './browser.mjs';
import { with_rig } from './harness.mjs';
import { button, choose_short, shows_phase } from './page.mjs';

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
		await rig.tell('go');
		await page.getByText('The session is complete.').waitFor();
		await shows_phase(page, 'Ready');
	});
}

with_rig('the second session asks for no consent', async (rig) => {
	const page = await rig.page({ consented: false });

	await choose_short(page);
	await consents(page);
	await rig.pass('halt:hold');
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
	await rig.tell('seat=0');
	await rig.pass('halt+1');
	const page = await rig.page();

	await button(page, 'All sessions').tap();
	await page.getByRole('button', { name: /^Short/ }).tap();
	await page.getByText('Sit down in the chair first.').waitFor();
	assert.ok(await button(page, 'Start').isDisabled());
});

with_rig('German, chosen by the browser', async (rig) => {
	const page = await rig.page({ locale: 'de-AT' });

	await shows_phase(page, 'Bereit');
	await button(page, 'Stopp und lösen').waitFor();
	assert.equal(await page.locator('html').getAttribute('lang'), 'de');
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
		!rig.heard.slice(mark).some(({ topic }) => topic === 'state'),
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

	await one.context().close();
	rig.pages.shift();
	await button(other, 'Pause').tap();
	await shows_phase(other, 'Releasing for a pause');
	assert.ok(rig.heard.slice(mark).every(({ text }) => !text.includes('"phase":"releasing"')));
});

with_rig("the breath follows the chair's, and what feedback has eased is shown", async (rig) => {
	const page = await rig.page();

	await rig.bring_to('hold');
	await page.getByRole('img', { name: 'Breath: 2 s in, 3 s out' }).waitFor(); // the profile's
	const { text } = rig.heard.findLast(({ topic }) => topic === 'target');

	await rig.publish(
		'target',
		JSON.stringify({
			...JSON.parse(text),
			ease: 0.8,
			breath: { origin_s: -2, inhale_s: 4, exhale_s: 6 },
		}),
	);
	await page.getByRole('img', { name: 'Breath: 4 s in, 6 s out' }).waitFor();
	await page.getByText('eased to 80 %').waitFor();
	await page.locator('.breath', { hasText: 'Breathe out' }).waitFor();
	const timing = await page.locator('.circle').evaluate((circle) => {
		const [animation] = circle.getAnimations();

		return { ms: animation.currentTime, ...animation.effect.getTiming() };
	});

	assert.equal(timing.duration, 10000);
	assert.ok(timing.ms >= 2000, 'two seconds of the exhale are over');
});
