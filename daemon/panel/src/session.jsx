// SPDX-License-Identifier: MIT
//
// The running session: point, remaining time, pressure, breath, feedback.
import { computed } from '@preact/signals';
import { done_points, profile_points } from './anatomy.js';
import { Body } from './body.jsx';
import { Breath } from './breath.jsx';
import { atlas, events, profiles, state, target, telemetry } from './chair.js';
import { event_why } from './chair_view.jsx';
import { command } from './commands.js';
import { minutes, number, t, term, terms } from './i18n.js';
import { Intensity } from './intensity.jsx';
import { in_session, view } from './navigation.js';

const FEEDBACK_PHASES = ['press', 'hold', 'stroke', 'knead'];
const FREE = { N: 3, '%': 1 }; // what is less is no pressure
const PAUSED_PHASES = ['pausing', 'paused'];

const points_by_name = computed(() =>
	Object.fromEntries(atlas.value?.points.map((point) => [point.name, point]) ?? []),
);
const profile = computed(() => profiles.value[state.value?.profile] ?? null);

// --- the point --------------------------------------------------------------------------------

function marked_points() {
	const current = state.value.points;
	const done = done_points(profile.value, state.value);
	const names = new Set([...profile_points(profile.value), ...current]);

	return [...names]
		.filter((name) => points_by_name.value[name])
		.map((name) => ({
			point: points_by_name.value[name],
			as: current.includes(name) ? 'current' : done.has(name) ? 'done' : 'coming',
		}))
		.sort((a, b) => (a.as === 'current') - (b.as === 'current'));
}

function Point() {
	const point = points_by_name.value[state.value.point];
	const both = state.value.points.length > 1;
	const muscle = point ? term(point.muscle) : state.value.point;

	return (
		<div class="site">
			<strong>
				{muscle ? `${muscle}${both ? `, ${t('session.both_sides')}` : ''}` : '\u00a0'}
			</strong>
			<small>
				{point ? t('session.refers', { where: terms(point.refers_to) }) : '\u00a0'}
			</small>
		</div>
	);
}

// --- the pressure -----------------------------------------------------------------------------

// Newtons of a sensor; else the drive in per cent, of which there is no ceiling to be shown.
function pressure() {
	const measured = telemetry.value?.actuators[state.value.actuator];
	const setpoint = target.value?.value ?? 0;

	if (target.value?.unit === 'N')
		return {
			unit: 'N',
			value: measured?.force_n,
			setpoint,
			ceiling: points_by_name.value[state.value.point]?.sustained_n ?? null,
		};
	return {
		unit: '%',
		value: measured && Math.abs(measured.drive_permille) / 10,
		setpoint: setpoint / 10,
		ceiling: null,
	};
}

function pressure_text(unit, value, setpoint) {
	if (value === undefined) return t('session.not_measured');
	const pressed = number(Math.max(0, value));

	if (setpoint > 0)
		return t('session.pressure.text', { value: pressed, target: number(setpoint), unit });
	return value < FREE[unit] ? t('session.rest') : `${pressed} ${unit}`;
}

function Pressure() {
	const { unit, value, setpoint, ceiling } = pressure();
	const end = Math.max(1, ceiling ?? 0, setpoint * 1.25, value ?? 0);
	const percent = (amount) => `${Math.min(100, Math.max(0, (amount / end) * 100))}%`;
	const shown = pressure_text(unit, value, setpoint);

	return (
		<div class="pressure">
			<div class="line">
				<span>
					{t('session.pressure')}{' '}
					{ceiling && (
						<small>{t('session.ceiling', { ceiling: number(ceiling), unit })}</small>
					)}
				</span>
				<strong>{shown}</strong>
			</div>
			<div
				class="bar"
				role="meter"
				aria-label={t('session.pressure')}
				aria-valuemin="0"
				aria-valuemax={Math.round(end)}
				aria-valuenow={Math.round(Math.max(0, value ?? 0))}
				aria-valuetext={shown}
			>
				<div class="value" style={{ width: percent(value ?? 0) }} />
				{setpoint > 0 && <div class="target" style={{ left: percent(setpoint) }} />}
			</div>
		</div>
	);
}

// --- feedback and controls --------------------------------------------------------------------

function Feedback() {
	const can = FEEDBACK_PHASES.includes(state.value.phase);

	return (
		<div class="feedback" role="group" aria-label={t('session.feedback')}>
			{['less', 'eased', 'more'].map((feedback) => (
				<button
					key={feedback}
					class={feedback}
					aria-pressed={feedback === 'eased' ? state.value.eased : undefined}
					disabled={!can}
					onClick={() => command('feedback', { feedback })}
				>
					{t(`session.${feedback}`)}
					<small>{t(`session.${feedback}.hint`)}</small>
				</button>
			))}
		</div>
	);
}

function Controls() {
	const paused = PAUSED_PHASES.includes(state.value.phase);
	const running = in_session.value && state.value.phase !== 'releasing';

	return (
		<div class="controls">
			<Pressure />
			<Feedback />
			<Intensity />
			<div class="pair">
				{paused ? (
					<button
						class="primary"
						disabled={state.value.phase === 'pausing'}
						onClick={() => command('resume')}
					>
						{t('session.resume')}
					</button>
				) : (
					<button disabled={!running} onClick={() => command('pause')}>
						{t('session.pause')}
					</button>
				)}
				<button disabled={!running || paused} onClick={() => command('skip')}>
					{t('session.skip')}
				</button>
			</div>
		</div>
	);
}

function None() {
	const last = events.value.find(({ event_type }) =>
		['completed', 'aborted', 'tripped'].includes(event_type),
	);
	const why = last && event_why(last);

	return (
		<section class="card none">
			<h2>{t('session.none')}</h2>
			{last && <p>{t(`session.ended.${last.event_type}`, { why })}</p>}
			<button
				class="primary"
				onClick={() => {
					view.value = 'choose';
				}}
			>
				{t('session.choose')}
			</button>
		</section>
	);
}

export function Session() {
	if (!in_session.value) return <None />;
	return (
		<>
			<Body points={marked_points()} />
			<div class="middle">
				<Point />
				<Breath profile={profile.value} />
				<div class="left">
					{state.value.phase !== 'releasing' && (
						<>
							<strong>{minutes(state.value.remaining_s)}</strong>{' '}
							<span>{t('session.left')}</span>
						</>
					)}
					<small>{state.value.steps ? t('session.step', state.value) : '\u00a0'}</small>
				</div>
			</div>
			<Controls />
		</>
	);
}
