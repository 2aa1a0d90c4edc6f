// SPDX-License-Identifier: MIT
//
// A test with a rig of its own. Whatever it does, its pages fetch nothing from elsewhere and
// nothing in them fails.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { close_browser } from './browser.mjs';
import { Rig } from './rig.mjs';

after(close_browser);

export function with_rig(name, run, options) {
	test(name, async () => {
		const rig = await Rig.start(options);

		try {
			await run(rig);
			for (const page of rig.pages) {
				assert.deepEqual(
					[...page.fetched],
					[new URL(rig.url).host],
					'all is fetched from the broker',
				);
				assert.deepEqual(page.errors, []);
			}
		} catch (error) {
			console.error(rig.report());
			throw error;
		} finally {
			await rig.end();
		}
	});
}
