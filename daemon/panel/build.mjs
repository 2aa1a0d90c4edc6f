// SPDX-License-Identifier: MIT
//
// Bundle the panel: build.mjs OUTPUT-FOLDER NODE_MODULES-FOLDER
//
// The broker takes up to 0.3 s for a file, however small: so the page has its scripts, styles and
// pictures in it, and only the plot's are files of their own. These carry a hash of their content in
// their names, because the broker gives a browser no time after which to ask for them again. It
// serves without any Content-Type: scripts must be classic ones.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';

const [output, modules] = process.argv.slice(2).map((folder) => path.resolve(folder));
const source = path.dirname(fileURLToPath(import.meta.url));
const esbuild = createRequire(path.join(modules, 'x'))('esbuild');
const stand_in = (name) => path.join(source, 'src/stand_ins', name);
// A hint for Chromium: otherwise it parses each function once to skip it, and again to call it, and
// nearly all are called for the first view.
const compile_at_once = '//# allFunctionsCalledOnLoad';

// An alias would take the files in the package with it.
const lean_streams = {
	name: 'lean-streams',
	setup: ({ onResolve }) =>
		onResolve({ filter: /^readable-stream$/ }, () => ({
			path: stand_in('readable_stream.cjs'),
		})),
};
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
	return result.outputFiles[0].text;
}

const hash_of = (text) => createHash('sha256').update(text).digest();

const names = {};
function put(name, contents) {
	const hash = hash_of(contents).toString('hex').slice(0, 8);
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

// The page with what it names in it, and a policy that lets nothing else run.
function inlined(page, texts) {
	const hashes = { script: [], style: [] };
	const inline = (kind, name) => {
		const text = texts[name];

		if (text.includes('<!--') || text.toLowerCase().includes(`</${kind}`))
			throw new Error(`${name} would end its element early`);
		hashes[kind].push(`'sha256-${hash_of(text).toString('base64')}'`);
		return `<${kind}>${text}</${kind}>`;
	};

	return page
		.replace(/<script src="(.*)"><\/script>/g, (_, name) => inline('script', name))
		.replace(/<link rel="stylesheet" href="(.*)">/g, (_, name) => inline('style', name))
		.replace('SCRIPT-HASHES', () => hashes.script.join(' '))
		.replace('STYLE-HASHES', () => hashes.style.join(' '));
}

rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
const plot = put('plot.js', await bundled('src/plot_library.js', { format: 'iife' }));
const plot_style = put('plot.css', await bundled('src/plot_library.css', {}));
const page = inlined(readFileSync(path.join(source, 'index.html'), 'utf8'), {
	'early.js': await bundled('src/early.js', { format: 'iife' }),
	'panel.js': await bundled('src/main.js', {
		format: 'iife',
		banner: { js: compile_at_once },
		conditions: ['browser'],
		platform: 'browser',
		jsx: 'automatic',
		jsxImportSource: 'preact',
		inject: [stand_in('node.js')],
		plugins: [lean_streams],
		alias: {
			debug: stand_in('debug.cjs'),
			'lru-cache': stand_in('lru_cache.js'),
			'worker-timers': stand_in('worker_timers.js'),
			process: stand_in('node.js'),
		},
		define: {
			global: 'globalThis',
			PLOT_SCRIPT: JSON.stringify(names['plot.js']),
			PLOT_STYLE: JSON.stringify(names['plot.css']),
			'process.env.NODE_ENV': '"production"',
		},
	}),
	'panel.css': await bundled('style.css', {}),
});
writeFileSync(path.join(output, 'index.html'), page);
writeFileSync(path.join(output, 'licences.txt'), licences());

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
const first = gzipSync(page).length;
console.log(
	`  panel: ${kilobytes(first)} with gzip, and ${kilobytes(plot + plot_style)} when a plot is shown`,
);
if (first > bundle_max)
	throw new Error(`the panel has more than ${kilobytes(bundle_max)} with gzip`);
