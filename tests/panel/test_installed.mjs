// SPDX-License-Identifier: MIT
//
// What `make install` puts there and the broker's set-up turns on is a panel that is served, with
// the licences of what is in it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { top } from './browser.mjs';
import { Process, build, free_port } from './rig.mjs';

function install(root) {
	execFileSync('make', ['-s', 'install', `BUILD=${build}`, 'PREFIX=/usr', `DESTDIR=${root}`], {
		cwd: top,
		stdio: 'ignore',
	});
	mkdirSync(path.join(root, 'etc/mosquitto/conf.d'), { recursive: true });
	execFileSync(path.join(root, 'usr/share/chaird/mosquitto/set-up'), {
		env: { ...process.env, ETC: path.join(root, 'etc') },
		stdio: 'ignore',
	});
}

// The shipped settings as set-up left them, but for ports and folder.
async function serve(root) {
	const settings = readFileSync(path.join(root, 'etc/mosquitto/conf.d/chaird.conf'), 'utf8');
	const [port, web_port] = [await free_port(), await free_port()];
	const file = path.join(root, 'mosquitto.conf');

	writeFileSync(
		file,
		`user root\nlog_dest stderr\n${settings
			.replace('1883', port)
			.replace(/listener 9001/, `listener ${web_port}`)
			.replaceAll(' /etc/', ` ${root}/etc/`)}`,
	);
	const broker = new Process('mosquitto', '-c', file);

	assert.ok(await broker.logged(' running'));
	return { broker, url: `http://127.0.0.1:${web_port}/` };
}

test('what is installed is served', async () => {
	const root = mkdtempSync(path.join(tmpdir(), 'chaird-panel.'));
	const shipped = path.join(root, 'usr/share/chaird/panel');

	install(root);
	const { broker, url } = await serve(root);
	const page = await (await fetch(url)).text();
	const [script] = /plot-\w+\.js/.exec(page);

	for (const [name, text] of [
		['index.html', page],
		[script, await (await fetch(url + script)).text()],
	])
		assert.equal(text, readFileSync(path.join(shipped, name), 'utf8'));
	assert.match(readFileSync(path.join(shipped, 'licences.txt'), 'utf8'), /^mqtt [\d.]+: MIT$/m);
	await broker.kill();
	rmSync(root, { recursive: true });
});

test('every package in the bundle has its licence text beside it', async () => {
	const text = readFileSync(path.join(top, 'build/panel/licences.txt'), 'utf8');
	const packages = text.split(`\n${'-'.repeat(72)}\n\n`);

	assert.ok(packages.length > 5);
	assert.deepEqual(
		packages.filter((one) => one.split('\n').length < 4).map((one) => one.trim()),
		[],
	);
});

test('the lock file names the public registry only', async () => {
	const lock = readFileSync(path.join(top, 'daemon/panel/package-lock.json'), 'utf8');

	assert.deepEqual(
		[...lock.matchAll(/"resolved": "([^"]*)"/g)]
			.map(([, address]) => address)
			.filter((address) => !address.startsWith('https://registry.npmjs.org/')),
		[],
	);
	assert.ok(existsSync(path.join(top, 'build/npm/installed')));
});
