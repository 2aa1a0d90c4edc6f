// SPDX-License-Identifier: MIT
//
// The last two minutes of force, drive or position, one line for each actuator. The plot's library
// is loaded when a plot is first shown.
import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { info, samples } from './chair.js';
import { number, t } from './i18n.js';

const quantities = {
	force: (actuator) => actuator?.force_n,
	drive: (actuator) => actuator && actuator.drive_permille / 10,
	position: (actuator) => actuator?.position_mm,
};
const HEIGHT = 170;
const quantity = signal('force');

let library = null;
function load_library() {
	library ??= new Promise((resolve, reject) => {
		const script = document.createElement('script');
		const style = document.createElement('link');

		Object.assign(style, { rel: 'stylesheet', href: PLOT_STYLE });
		Object.assign(script, {
			src: PLOT_SCRIPT,
			onload: () => resolve(globalThis.uPlot),
			onerror: reject,
		});
		document.head.append(style, script);
	});
	return library;
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const part = (name) => name.replaceAll('_', ' ');

// The actuators with a value of this quantity.
function shown_actuators(read) {
	return info.value.actuators
		.map(({ name }) => name)
		.filter((name) =>
			samples.value.some(({ actuators }) => read(actuators[name]) !== undefined),
		);
}

function table(read, names) {
	const last_s = samples.value.at(-1)?.t_s ?? 0;

	return [
		samples.value.map(({ t_s }) => t_s - last_s),
		...names.map((name) => samples.value.map(({ actuators }) => read(actuators[name]) ?? null)),
	];
}

function options(names, width) {
	const axis = {
		stroke: colour('--text-soft'),
		grid: { stroke: colour('--line'), width: 1 },
		ticks: { show: false },
		font: '12px system-ui',
	};

	return {
		width,
		height: HEIGHT,
		legend: { show: false },
		cursor: { show: false },
		scales: {
			x: { time: false, range: [-120, 0] },
			y: { range: (_, low, high) => [Math.min(0, low), Math.max(10, high * 1.05)] },
		},
		axes: [
			{ ...axis, size: 28, values: (_, ticks) => ticks.map((s) => `${s} s`) },
			{ ...axis, size: 44 },
		],
		series: [
			{},
			...names.map((_, index) => ({
				stroke: colour(`--series-${index % 7}`),
				width: 2,
				points: { show: false },
			})),
		],
	};
}

function Drawing({ names, read }) {
	const place = useRef(null);
	const plot = useRef(null);
	const [ready, set_ready] = useState(false);
	const key = names.join();

	useEffect(() => {
		load_library().then(() => set_ready(true));
	}, []);
	useEffect(() => {
		if (!ready) return undefined;
		const at = place.current;
		const make = () => {
			plot.current?.destroy();
			plot.current = new globalThis.uPlot(
				options(names, at.clientWidth),
				table(read, names),
				at,
			);
		};
		const resized = new ResizeObserver(make);
		const scheme = matchMedia('(prefers-color-scheme: dark)');

		resized.observe(at);
		scheme.addEventListener('change', make);
		return () => {
			resized.disconnect();
			scheme.removeEventListener('change', make);
			plot.current?.destroy();
			plot.current = null;
		};
	}, [ready, key, read]);
	useEffect(() => {
		plot.current?.setData(table(read, names));
	}, [samples.value]);

	return (
		<div class="drawing" ref={place} aria-hidden="true" style={{ minHeight: `${HEIGHT}px` }} />
	);
}

export function Plot() {
	const read = quantities[quantity.value];
	const names = shown_actuators(read);
	const newest = samples.value.at(-1)?.actuators ?? {};
	const now = names.map((name) => `${part(name)} ${number(read(newest[name]) ?? 0)}`).join(', ');

	return (
		<section class="card plot">
			<h2>{t('chair.plot')}</h2>
			<div class="segmented">
				{Object.keys(quantities).map((name) => (
					<button
						key={name}
						aria-pressed={quantity.value === name}
						onClick={() => {
							quantity.value = name;
						}}
					>
						{t(`plot.${name}`)}
					</button>
				))}
			</div>
			{samples.value.length === 0 ? (
				<p>{t('plot.empty')}</p>
			) : (
				<Drawing names={names} read={read} />
			)}
			<ul class="legend" aria-label={t('plot.now', { values: now })}>
				{names.map((name, index) => (
					<li key={name}>
						<i style={{ background: `var(--series-${index % 7})` }} />
						{part(name)}
					</li>
				))}
			</ul>
		</section>
	);
}
