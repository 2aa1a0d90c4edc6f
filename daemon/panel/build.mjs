// SPDX-License-Identifier: MIT
//
// Bundle the panel: build.mjs OUTPUT-FOLDER NODE_MODULES-FOLDER
//
// The broker serves the folder without any Content-Type: scripts must be classic ones, and all
// pictures are in the page. File names carry a hash of their content, because the
// broker gives a browser no time after which to ask for them again.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';

const [output, modules] = process.argv.slice(2).map((folder) => path.resolve(folder));
const source = path.dirname(fileURLToPath(import.meta.url));
const esbuild = createRequire(path.join(modules, 'x'))('esbuild');
const bundle_max = 200 * 1024; // bytes, with gzip, before the plot

async function bundled(entry, options) {
	const result = await esbuild.build({
		entryPoints: [path.join(source, entry)],
		bundle: true,
		minify: true,
		write: false,
		nodePaths: [modules],
		target: ['es2022'],
		legalComments: 'none',
		...options,
	});
	return result.outputFiles[0].contents;
}

const names = {};
function put(name, contents) {
	const hash = createHash('sha256').update(contents).digest('hex').slice(0, 8);
	const { name: stem, ext } = path.parse(name);

	names[name] = `${stem}-${hash}${ext}`;
	writeFileSync(path.join(output, names[name]), contents);
	return gzipSync(contents).length;
}

// The licence of every package that the bundle may contain.
function licences() {
	const lock = JSON.parse(readFileSync(path.join(source, 'package-lock.json'), 'utf8'));
	const texts = [];

	for (const [folder, about] of Object.entries(lock.packages)) {
		if (!folder || about.dev || about.optional) continue;
		const home = path.join(modules, '..', folder);
		const file = readdirSync(home).find((name) => /^(licen[cs]e|copying)/i.test(name));
		const text = file ? readFileSync(path.join(home, file), 'utf8') : '';
		const name = folder.replace(/^.*node_modules\//, '');

		texts.push(`${name} ${about.version}: ${about.license}\n\n${text.trim()}\n`);
	}
	return texts.join(`\n${'-'.repeat(72)}\n\n`);
}

rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
const plot = put('plot.js', await bundled('src/plot_library.js', { format: 'iife' }));
const plot_style = put('plot.css', await bundled('src/plot_library.css', {}));
const app = put(
	'panel.js',
	await bundled('src/main.jsx', {
		format: 'iife',
		conditions: ['browser'],
		platform: 'browser',
		jsx: 'automatic',
		jsxImportSource: 'preact',
		define: {
			PLOT_SCRIPT: JSON.stringify(names['plot.js']),
			PLOT_STYLE: JSON.stringify(names['plot.css']),
			'process.env.NODE_ENV': '"production"',
		},
	}),
);
const style = put('panel.css', await bundled('style.css', {}));
writeFileSync(path.join(output, 'licences.txt'), licences());

let page = readFileSync(path.join(source, 'index.html'), 'utf8');
for (const [name, hashed] of Object.entries(names))
	page = page.replaceAll(`"${name}"`, `"${hashed}"`);
writeFileSync(path.join(output, 'index.html'), page);

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
const first = app + style + gzipSync(page).length;
console.log(
	`  panel: ${kilobytes(first)} with gzip, and ${kilobytes(plot + plot_style)} when a plot is shown`,
);
if (first > bundle_max)
	throw new Error(`the panel has more than ${kilobytes(bundle_max)} with gzip`);
