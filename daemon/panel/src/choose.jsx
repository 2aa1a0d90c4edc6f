// SPDX-License-Identifier: MIT
//
// The choice of a session: by the place of the pain or from the list; then its intensity; start.
import { computed, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { profile_points, profile_zones, remedies, zones } from './anatomy.js';
import { Body } from './body.jsx';
import { atlas, had_enough, has_atlas, info, profiles, state } from './chair.js';
import { command } from './commands.js';
import { Consent, PersonConsent, consented } from './consent.jsx';
import { list, moment, number, t, term, terms } from './i18n.js';
import { Intensity } from './intensity.jsx';
import { idle, view } from './navigation.js';
import { For, Who, asks_who, person, who, why_closed } from './people.jsx';

const by_list = signal(false);
const zone = signal(null);
const chosen = signal(null); // a profile's name
const consenting = signal(false);

const zone_name = (name) => t(`zone.${name}`);
const heads = computed(() => info.value?.profiles ?? []);
const head = (name) => heads.value.find((profile) => profile.name === name);

// Of points by name, each muscle once.
function muscles(names) {
	const known = Object.fromEntries(
		atlas.value?.points.map(({ name, muscle }) => [name, muscle]) ?? [],
	);

	return [...new Set(names.map((name) => known[name] ?? name))];
}

// Why the profile may not be started today; null: it may.
function enough(name) {
	const entry = had_enough(who.value)[name];

	if (!entry) return null;
	return entry.until
		? t('choose.enough', { until: moment(new Date(entry.until)) })
		: t('choose.too_much', { reason: entry.text });
}

// What of a profile is closed to the person: muscles by reason; and whether that is all of it.
function closed_of(profile) {
	const names = profile_points(profile);
	const closed = names.filter(why_closed);
	const reasons = [...new Set(closed.map(why_closed))];

	return {
		all: closed.length > 0 && closed.length === names.length,
		reasons: reasons.map((reason) => ({
			reason,
			muscles: muscles(closed.filter((name) => why_closed(name) === reason)),
		})),
	};
}

// --- lists ------------------------------------------------------------------------------------

function ProfileRow({ name }) {
	const profile = head(name);
	const pressed = profile_zones(profiles.value[name], atlas.value).map(zone_name);

	if (!profile) return null;
	return (
		<button
			class="row"
			onClick={() => {
				chosen.value = name;
			}}
		>
			<span>
				<strong>{term(profile.title)}</strong>
				<small>
					{profile.problem
						? t('choose.impossible', { problem: profile.problem })
						: pressed.join(' · ')}
				</small>
				{enough(name) && <small class="enough">{enough(name)}</small>}
			</span>
			{profile.minutes !== null && (
				<em>{t('choose.minutes', { minutes: number(Math.ceil(profile.minutes)) })}</em>
			)}
		</button>
	);
}

function Places() {
	return (
		<>
			<h2>{t('choose.question')}</h2>
			<div class="chips">
				{zones.map(({ name }) => (
					<button
						key={name}
						onClick={() => {
							zone.value = name;
						}}
					>
						{zone_name(name)}
					</button>
				))}
			</div>
		</>
	);
}

function Pathway({ pathway }) {
	return (
		<section class="pathway">
			<h3>{term(pathway.title)}</h3>
			<p class="hint">
				{t('choose.pathway.felt', { referral: terms(pathway.referral) })}
				{pathway.reachable < 1 &&
					` · ${t('choose.pathway.reach', { share: number(pathway.reachable * 100) })}`}
			</p>
			{pathway.profiles.map(({ name }) => (
				<ProfileRow key={name} name={name} />
			))}
			{pathway.profiles.length === 0 && <p class="hint">{t('choose.no_session_here')}</p>}
		</section>
	);
}

function Remedies() {
	const { pathways, others } = remedies(zone.value, atlas.value, Object.values(profiles.value));

	return (
		<>
			{pathways.map((pathway) => (
				<Pathway key={pathway.name} pathway={pathway} />
			))}
			{others.length > 0 && (
				<section class="pathway">
					<h3>{t('choose.others')}</h3>
					{others.map(({ name }) => (
						<ProfileRow key={name} name={name} />
					))}
				</section>
			)}
			{pathways.length + others.length === 0 && <p>{t('choose.nothing')}</p>}
		</>
	);
}

function Place() {
	return (
		<>
			<div class="title">
				<h2>{zone_name(zone.value)}</h2>
				<button
					onClick={() => {
						zone.value = null;
					}}
				>
					{t('choose.another_place')}
				</button>
			</div>
			{atlas.value ? <Remedies /> : <p class="hint">{t('stale.waiting')}</p>}
		</>
	);
}

function Finder() {
	const lists = by_list.value || !has_atlas.value;

	return (
		<>
			<For />
			<div class="segmented">
				{[false, true].map((value) => (
					<button
						key={value}
						aria-pressed={lists === value}
						disabled={!has_atlas.value}
						onClick={() => {
							by_list.value = value;
						}}
					>
						{t(value ? 'choose.by_list' : 'choose.by_place')}
					</button>
				))}
			</div>
			{!has_atlas.value && <p class="hint">{t('choose.no_atlas')}</p>}
			{lists && heads.value.map(({ name }) => <ProfileRow key={name} name={name} />)}
			{!lists && (zone.value ? <Place /> : <Places />)}
		</>
	);
}

// --- one profile ------------------------------------------------------------------------------

async function start() {
	const args = who.value ? { person: who.value } : {};

	consenting.value = false;
	if (await command('start', { profile: chosen.value, ...args })) view.value = 'session';
}

// By name the chair keeps the consent, without one this device.
const has_consented = () => (who.value ? person.value?.consent : consented.value);

function why_not(profile) {
	if (state.value?.phase === 'fault') return t('choose.fault');
	if (!idle.value) return t('choose.busy');
	if (state.value?.occupied === false) return t('choose.seat');
	if (profile.problem) return t('choose.impossible', { problem: profile.problem });
	if (who.value && !person.value) return t('stale.waiting');
	if (closed_of(profiles.value[profile.name]).all)
		return t('choose.all_closed', { name: who.value });
	return enough(profile.name);
}

function Closed({ profile }) {
	return closed_of(profile).reasons.map(({ reason, muscles: closed }) => (
		<p key={reason} class="closed">
			{t('choose.closed', { name: who.value, points: list(closed.map(term)), reason })}
		</p>
	));
}

function Profile({ profile }) {
	const details = profiles.value[profile.name];
	const pressed = profile_zones(details, atlas.value).map(zone_name);
	const reason = why_not(profile);

	return (
		<>
			<div class="title">
				<h2>{term(profile.title)}</h2>
				<button
					onClick={() => {
						chosen.value = null;
					}}
				>
					{t('choose.another_session')}
				</button>
			</div>
			<p>
				{profile.minutes !== null && (
					<strong>
						{t('choose.minutes', { minutes: number(Math.ceil(profile.minutes)) })}.{' '}
					</strong>
				)}
				{details?.description}
			</p>
			{pressed.length > 0 && (
				<p class="hint">{t('choose.presses', { zones: list(pressed) })}</p>
			)}
			{profile.unreachable?.length > 0 && (
				<p class="hint">
					{t('choose.unreachable', {
						points: list(muscles(profile.unreachable).map(term)),
					})}
				</p>
			)}
			<Closed profile={details} />
			<For />
			<div class="start">
				<Intensity />
				<button
					class="primary"
					disabled={reason !== null}
					onClick={() => (has_consented() ? start() : (consenting.value = true))}
				>
					{t('choose.start')}
				</button>
			</div>
			{reason && <p class="hint">{reason}</p>}
		</>
	);
}

export function Choose() {
	useEffect(() => {
		document.querySelector('.view').scrollTop = 0;
	}, [by_list.value, zone.value, chosen.value, consenting.value, asks_who.value]);

	const profile = head(chosen.value);
	const shown = profile ? profile_zones(profiles.value[profile.name], atlas.value) : [zone.value];

	const Asked = who.value ? PersonConsent : Consent;

	if (asks_who.value)
		return (
			<>
				<Body small />
				<Who />
			</>
		);
	if (consenting.value && profile && why_not(profile) === null)
		return (
			<Asked
				onYes={start}
				onNo={() => {
					consenting.value = false;
				}}
			/>
		);
	return (
		<>
			<Body
				chosen={shown}
				small={Boolean(profile || zone.value || by_list.value)}
				onChoose={
					profile || !has_atlas.value
						? undefined
						: (name) => {
								zone.value = name;
								by_list.value = false;
							}
				}
			/>
			<div class="column">{profile ? <Profile profile={profile} /> : <Finder />}</div>
		</>
	);
}
