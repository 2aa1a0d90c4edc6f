// SPDX-License-Identifier: MIT
//
// The chair itself: its state, faults with their remedies, measured values, events; and for the
// technician, commands that move it without a session.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { alerts, connection, events, info, state } from './chair.js';
import { command, jog_begin, jog_end } from './commands.js';
import { consented } from './consent.jsx';
import { clock, day, list, number, t } from './i18n.js';
import { idle, phase } from './navigation.js';
import { Plot } from './plot.jsx';

const JOGGED = ['travel', 'press', 'recline'];

export const reason_text = ({ code, text }) => t(`reason.${code}`, {}, text);
export const reason_remedy = ({ code }) => t(`reason.${code}.do`, {}, t('reason.unknown.do'));

// Text of an alert for people. If stop cannot release any more, only a person can.
export function alert_text({ code, text }) {
	if (code === 'pressed' && state.value?.estop_good === false) return t('alert.pressed.cut');
	if (code === 'pressed' && state.value?.phase === 'fault')
		return `${t('reason.not-released')} ${t('reason.not-released.do')}`;
	return t(`alert.${code}`, {}, text);
}

const part = (name) => name.replaceAll('_', ' ');

// --- state ------------------------------------------------------------------------------------

function pressed_text() {
	const pressed = state.value.pressed;

	if (pressed === null) return t('chair.unknown');
	return pressed.length
		? list(
				pressed.map(({ actuator, force_n }) =>
					force_n === null
						? part(actuator)
						: `${part(actuator)} (${number(Math.max(0, force_n))} N)`,
				),
			)
		: t('chair.pressed.none');
}

// true, false or null: unknown.
const either = (value, yes, no) => t(value === null ? 'chair.unknown' : value ? yes : no);

function State() {
	const rows = [
		['chair.phase', t(`phase.${state.value.phase}`)],
		...(state.value.person ? [['chair.person', state.value.person]] : []),
		['chair.seat', either(state.value.occupied, 'chair.seat.yes', 'chair.seat.no')],
		['chair.estop', either(state.value.estop_good, 'chair.estop.good', 'chair.estop.open')],
		['chair.pressed', pressed_text()],
		['chair.model', info.value?.model],
		['chair.version', info.value?.version],
	];

	return (
		<section class="card">
			<h2>{t('chair.state')}</h2>
			<dl>
				{rows.map(([key, text]) => (
					<div key={key}>
						<dt>{t(key)}</dt>
						<dd>{text}</dd>
					</div>
				))}
			</dl>
			{consented.value && (
				<p class="hint">{t('consent.given', { date: day(new Date(consented.value)) })}</p>
			)}
		</section>
	);
}

function Fault() {
	const fault = state.value.fault;
	const others = Object.values(alerts.value).filter(({ code }) => code !== 'fault');

	return (
		<section class={`card ${fault ? 'wrong' : ''}`}>
			<h2>{t('chair.fault')}</h2>
			{fault && (
				<p>
					<strong>{reason_text(fault)}</strong> {reason_remedy(fault)}
				</p>
			)}
			{fault?.actuator && <p>{t('chair.fault.at', { actuator: part(fault.actuator) })}</p>}
			{others.map((alert) => (
				<p key={alert.code}>{alert_text(alert)}</p>
			))}
			{!fault && others.length === 0 && <p>{t('chair.fault.none')}</p>}
		</section>
	);
}

// --- events -----------------------------------------------------------------------------------

// Why a session ended: a clause for a cause, a sentence for a fault.
export function event_why({ cause, text, reason, reason_text: described }) {
	if (cause) return t(`cause.${cause}`, {}, text);
	return reason ? reason_text({ code: reason, text: described }) : '';
}

function event_text(event) {
	const why = event_why(event);
	const hold = event.hold ?? {};

	return t(`event.${event.event_type}`, {
		...event,
		why,
		unit: hold.unit === 'permille' ? '‰' : hold.unit,
		mean: hold.mean === undefined || hold.mean === null ? '–' : number(hold.mean),
		seconds: hold.seconds === undefined ? '' : number(hold.seconds),
	});
}

function Events() {
	return (
		<section class="card events">
			<h2>{t('chair.events')}</h2>
			{events.value.length === 0 && <p>{t('chair.events.none')}</p>}
			<ol>
				{events.value.map((event) => (
					<li key={event.serial}>
						<time>{clock(event.at)}</time> <span>{event_text(event)}</span>
					</li>
				))}
			</ol>
		</section>
	);
}

// --- for the technician -----------------------------------------------------------------------

const jogged = signal(null);
const jog_percent = signal(20);

// A press of a finger or of a key. It ends with whatever may end it: the finger that lifts or slips
// off, the key, another window, and this button's own end.
function JogButton({ sign, label }) {
	useEffect(() => jog_end, []);
	const begin = (event) => {
		if (event.key !== undefined && event.key !== ' ' && event.key !== 'Enter') return;
		event.preventDefault();
		if (!event.repeat) jog_begin(jogged.value, sign * jog_percent.value * 10);
	};

	return (
		<button
			onPointerDown={begin}
			onPointerUp={jog_end}
			onPointerLeave={jog_end}
			onPointerCancel={jog_end}
			onKeyDown={begin}
			onKeyUp={jog_end}
			onBlur={jog_end}
			onContextMenu={(event) => event.preventDefault()}
		>
			{label}
		</button>
	);
}

function Jog() {
	const parts = info.value.actuators.filter(({ kind }) => JOGGED.includes(kind));

	if (parts.length === 0) return null;
	jogged.value ??= parts[0].name;
	return (
		<fieldset>
			<legend>{t('chair.jog')}</legend>
			<label>
				{t('chair.jog.actuator')}
				<select
					value={jogged.value}
					onChange={(event) => {
						jogged.value = event.target.value;
					}}
				>
					{parts.map(({ name }) => (
						<option key={name} value={name}>
							{part(name)}
						</option>
					))}
				</select>
			</label>
			<label>
				{t('chair.jog.drive')} <output>{jog_percent.value} %</output>
				<input
					type="range"
					min="10"
					max="50"
					step="5"
					value={jog_percent.value}
					onInput={(event) => {
						jog_percent.value = Number(event.target.value);
					}}
				/>
			</label>
			<div class="pair">
				<JogButton sign={-1} label={t('chair.jog.reverse')} />
				<JogButton sign={1} label={t('chair.jog.forward')} />
			</div>
		</fieldset>
	);
}

function Technician() {
	return (
		<details class="card">
			<summary>{t('chair.technician')}</summary>
			<div class="pair">
				<button disabled={!idle.value} onClick={() => command('home')}>
					{t('chair.home')}
				</button>
				<button disabled={phase.value !== 'fault'} onClick={() => command('reset')}>
					{t('chair.reset')}
				</button>
			</div>
			<Jog />
			<button onClick={() => connection.ask_login()}>{t('login.another')}</button>
		</details>
	);
}

export function Chair() {
	if (!state.value || !info.value) return null;
	return (
		<>
			<div class="column">
				<Fault />
				<State />
				<Technician />
			</div>
			<div class="column">
				<Plot />
				<Events />
			</div>
		</>
	);
}
