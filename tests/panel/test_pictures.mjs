// SPDX-License-Identifier: MIT
//
// The pictures of `chairctl simulate --svg`: every shipped profile on every shipped chair that
// reaches it is well-formed, is drawn without an error and without anything from elsewhere, and no
// text covers another or leaves the page, on a wide and a narrow page.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { mirrored, zones } from '../../daemon/panel/src/anatomy.js';
import { close_browser, open_browser, top } from './browser.mjs';

const pages = { wide: 1280, narrow: 360 };
const views = [
	{ page_name: 'wide', scheme: 'light' },
	{ page_name: 'narrow', scheme: 'dark' },
];
const chairctl = path.join(process.env.CHAIRD_BUILD ?? path.join(top, 'build/default'), 'chairctl');
const shots = process.env.PANEL_SHOTS;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pictures-'));

after(async () => {
	await close_browser();
	fs.rmSync(folder, { recursive: true });
});

const names = (kind) =>
	fs
		.readdirSync(path.join(top, 'profiles', kind))
		.filter((name) => name.endsWith('.cfg'))
		.map((name) => name.slice(0, -4));

// The picture's file; null: the chair cannot play the profile.
function draw(profile, chair) {
	const file = path.join(folder, `${path.basename(profile, '.cfg')}-${chair}.svg`);

	try {
		execFileSync(
			chairctl,
			[
				'simulate',
				profile,
				'--profiles',
				'profiles',
				'--chair',
				`profiles/chairs/${chair}.cfg`,
			].concat(['--svg', file]),
			{ cwd: top, stdio: ['ignore', 'ignore', 'pipe'] },
		);
	} catch (error) {
		assert.match(String(error.stderr), /^chairctl: plan: /, `${profile} on ${chair}`);
		return null;
	}
	return file;
}

async function open(file, width, scheme) {
	const context = await (
		await open_browser()
	).newContext({ viewport: { width, height: 800 }, colorScheme: scheme });
	const page = await context.newPage();

	page.wrong = [];
	page.on('pageerror', (error) => page.wrong.push(error.message));
	page.on('console', (message) => page.wrong.push(message.text()));
	page.on('request', (request) => {
		if (request.url() !== pathToFileURL(file).href) page.wrong.push(request.url());
	});
	await page.goto(pathToFileURL(file).href);
	return page;
}

// In the page: texts that cover each other or leave the page, as lines.
function misplaced_texts() {
	const texts = [...document.querySelectorAll('text')]
		.filter((text) => text.checkVisibility())
		.map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
	const right = document.documentElement.clientWidth;
	const apart = (a, b) =>
		a.right <= b.left + 0.5 ||
		b.right <= a.left + 0.5 ||
		a.bottom <= b.top + 2 ||
		b.bottom <= a.top + 2; // the boxes of two lines, not their letters

	return [
		...texts
			.filter(({ box }) => box.left < 0 || box.right > right)
			.map(({ text, box }) => `"${text}" leaves the page: ${box.left} ... ${box.right}`),
		...texts.flatMap((a, index) =>
			texts
				.slice(index + 1)
				.filter((b) => !apart(a.box, b.box))
				.map((b) => `"${a.text}" and "${b.text}" at ${a.box.x}, ${a.box.y}`),
		),
	];
}

async function shoot(page, file, width, name) {
	const height = await page.evaluate(
		() => document.documentElement.getBoundingClientRect().height,
	);

	await page.setViewportSize({ width, height: Math.ceil(height) });
	await page.screenshot({ path: path.join(shots, `${path.basename(file, '.svg')}-${name}.png`) });
}

async function look(file, page_name, scheme) {
	const page = await open(file, pages[page_name], scheme);
	const shown = await page.evaluate(() => ({
		root: document.documentElement.localName,
		curves: document.querySelectorAll('path.delivered').length,
	}));

	if (shots) await shoot(page, file, pages[page_name], `${page_name}-${scheme}`);
	assert.equal(shown.root, 'svg', 'well-formed');
	assert.ok(shown.curves > 0);
	assert.deepEqual(await page.evaluate(misplaced_texts), []);
	assert.deepEqual(page.wrong, []);
	await page.context().close();
}

const reached = new Set();
for (const profile of names('sessions'))
	for (const chair of names('chairs'))
		test(`${profile} on ${chair}`, async () => {
			const file = draw(profile, chair);

			if (!file) return;
			reached.add(profile);
			for (const { page_name, scheme } of views) await look(file, page_name, scheme);
		});

// No shipped profile moves the back or the legs.
const reclined = `title = "Reclined";
steps = (
  { technique = "posture"; back = 700; legs = 500; extension = 1000;
    restore = true; optional = true; },
  { technique = "knead"; points = [ "iliocostalis.lumborum" ];
    target = { permille = 400; floor = 200; }; duration_s = 20.0; },
  { technique = "posture"; back = 300; optional = true; }
);`;

for (const [chair, moved] of Object.entries({
	'mechanism-3d': ['back_rest', 'leg_rest', 'extension'],
	'retrofit-relay': ['back_rest'],
}))
	test(`postures on ${chair}`, async () => {
		const profile = path.join(folder, 'reclined.cfg');

		fs.writeFileSync(profile, reclined);
		const drawn = fs.readFileSync(draw(profile, chair), 'utf8');
		const headings = drawn.matchAll(/>Position of ([a-z_]+), per mille from home</g);

		assert.deepEqual([...new Set([...headings].map(([, name]) => name))], moved);
		for (const { page_name, scheme } of views)
			await look(draw(profile, chair), page_name, scheme);
	});

// Its target is a drive, and yet what is felt is newtons.
test('a hold in per mille', async () => {
	const profile = path.join(folder, 'by-drive.cfg');

	fs.writeFileSync(
		profile,
		`title = "By its drive";
steps = ( { technique = "hold"; points = [ "rhomboid" ]; hold_s = 30.0; repeats = 1;
    target = { permille = 400; floor = 200; }; } );`,
	);
	const [, plot] = fs
		.readFileSync(draw(profile, 'mechanism-3d'), 'utf8')
		.match(/<symbol id="pressure0"([^]*?)<\/symbol>/);

	for (const curve of ['felt', 'delivered', 'ceiling'])
		assert.match(plot, new RegExp(`class="${curve}" d="M`), curve);
});

// A record of messages as `chairctl watch --record` writes it, of a simulated session's table.
function record_of(csv, start_s = 0) {
	const [head, ...rows] = csv
		.trim()
		.split('\n')
		.map((line) => line.split(','));
	const say = (topic, payload) => `${JSON.stringify({ t_s: 0, topic, payload })}\n`;

	return rows
		.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index]])))
		.map((row) => {
			const [left, right] = row.points.split('/');
			const both = right ? [left, left.replace(/left$/, right)] : [left];
			const points = row.points ? both : [];

			return (
				say('state', {
					...row,
					points,
					profile: 'gentle',
					step: row.points ? 1 : 0,
					pressed: [],
				}) +
				say('target', { value: Number(row.target), unit: row.unit }) +
				say('telemetry', {
					t_ms: 1000 * (start_s + Number(row.t_s)),
					actuators: {
						carriage: {
							drive_permille: 0,
							position_mm: Number(row['carriage.position_mm']),
						},
						depth: { drive_permille: 0, force_n: Number(row['depth.delivered_n']) },
					},
				})
			);
		})
		.join('');
}

// The exit code.
function run_replay(...operands) {
	const options = ['--profiles', 'profiles', '--chair', 'profiles/chairs/recliner.cfg'];

	return spawnSync(chairctl, ['replay', ...options, ...operands], { cwd: top }).status;
}

function replay(name, ...traces) {
	const svg = path.join(folder, `${name}.svg`);

	assert.ok(run_replay('--svg', svg, ...traces) < 2); // with violations it is still drawn
	return svg;
}

test('recorded sessions', async () => {
	const file = (name) => path.join(folder, name);

	execFileSync(
		chairctl,
		[
			'simulate',
			'gentle',
			'--profiles',
			'profiles',
			'--chair',
			'profiles/chairs/recliner.cfg',
		].concat(['--trace', file('pins'), '--csv', file('table')]),
		{ cwd: top, stdio: 'ignore' },
	);
	const table = fs.readFileSync(file('table'), 'utf8');

	fs.writeFileSync(file('record'), record_of(table));
	fs.writeFileSync(file('another'), record_of(table, 5000));
	assert.equal(run_replay(file('pins'), file('another')), 2, 'no time in common');
	for (const { page_name, scheme } of views) {
		await look(replay('replay-pins', file('pins')), page_name, scheme);
		await look(replay('replay-messages', file('record')), page_name, scheme);
		await look(replay('replay-both', file('pins'), file('record')), page_name, scheme);
	}
});

test('texts that cover each other or leave the page are found', async () => {
	const file = path.join(folder, 'misplaced.svg');

	fs.writeFileSync(
		file,
		`<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="200">
			<text x="10" y="20">one</text><text x="20" y="22">two</text>
			<text x="350" y="90">three</text><text x="10" y="150">four</text>
			<g display="none"><text x="10" y="150">five</text></g></svg>`,
	);
	const page = await open(file, pages.narrow, 'light');
	const found = await page.evaluate(misplaced_texts);

	assert.equal(found.length, 2, found);
	assert.match(found[0], /^"three" leaves the page/);
	assert.match(found[1], /^"one" and "two"/);
	await page.context().close();
});

test("the body is the panel's", () => {
	const drawn = new Set(
		[
			...fs
				.readFileSync(draw('gentle', 'recliner'), 'utf8')
				.matchAll(/class="body" d="([^"]*)"/g),
		].map(([, outline]) => outline),
	);
	const outline = (polygon) => `M${polygon.map(([x, y]) => `${x} ${y}`).join('L')}Z`;
	const expected = zones
		.filter(({ head }) => !head)
		.flatMap(({ shape, pair }) => (pair ? [pair, mirrored(pair)] : [shape]))
		.map(outline);

	assert.deepEqual([...drawn].sort(), expected.sort());
});

test('every profile is drawn on a chair', () => {
	assert.deepEqual([...reached].sort(), names('sessions').sort());
});
