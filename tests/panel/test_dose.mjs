// SPDX-License-Identifier: MIT
//
// What was pressed enough today is shown with each session that cannot start any more, and why.
import assert from 'node:assert/strict';
import { with_rig } from './harness.mjs';
import { button, shows_disabled, shows_enabled } from './page.mjs';

const row = (page, name) => page.getByRole('button', { name });

with_rig(
	'a session that was enough for today',
	async (rig) => {
		const page = await rig.page();

		await button(page, 'All sessions').tap();
		await row(page, /^Short/).waitFor();
		assert.equal(
			await row(page, /^Short/)
				.locator('.enough')
				.count(),
			0,
		);
		await rig.bring_to('hold', 'short');
		const mark = rig.mark();
		const passing = rig.pass('halt:idle');

		await rig.expect('dose', '"profile":"short"', mark);
		await passing;
		await button(page, 'Choose').tap();
		await row(page, /^Short.*Pressed enough for today\. Again from /).tap();
		await page.getByText('Pressed enough for today. Again from').waitFor();
		await shows_disabled(page, 'Start');
		await button(page, 'Back').tap();
		await row(page, /^Legs and hamstrings/).tap(); // other muscles
		await shows_enabled(page, 'Start');
	},
	{ dose: 'point_s = 90.0; muscle_s = 7200.0; point_newton_s = 360000.0;' },
);

with_rig(
	'a session that is too much for any day',
	async (rig) => {
		const page = await rig.page();

		await button(page, 'All sessions').tap();
		await row(page, /^Short.*More than a day may have: .*in this session alone/).waitFor();
	},
	{ dose: 'point_s = 10.0;' },
);
