// SPDX-License-Identifier: MIT
//
// A look at a page: axe finds nothing, and a picture of it is kept if PANEL_SHOTS names a folder.
import assert from 'node:assert/strict';
import path from 'node:path';
import { violations } from './browser.mjs';

const shots = process.env.PANEL_SHOTS;

export async function look(page, name) {
	if (shots) await page.screenshot({ path: path.join(shots, `${name}.png`) });
	assert.deepEqual(await violations(page), [], name);
}
