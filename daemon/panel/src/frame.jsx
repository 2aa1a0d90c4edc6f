// SPDX-License-Identifier: MIT
//
// What every view has: the state at the top, what is the matter below it, and stop at the bottom.
// If what is shown is old, all of it but stop is inert.
import { render } from 'preact';
import { alerts, stale, state, silent_s } from './chair.js';
import { Chair, alert_text, reason_remedy, reason_text } from './chair_view.jsx';
import { Choose } from './choose.jsx';
import { notice, stop, stopping } from './commands.js';
import { t } from './i18n.js';
import { ChooseChair, Login } from './login.jsx';
import { idle, phase, view } from './navigation.js';
import { Session } from './session.jsx';

const views = { choose: Choose, session: Session, chair: Chair };

function Header() {
	const text = phase.value ? t(`phase.${phase.value}`) : t('title');

	return (
		<header>
			<h1 class={phase.value === 'fault' ? 'wrong' : ''} aria-live="polite">
				{text}
			</h1>
			<nav aria-label={t('views')} inert={stale.value !== null}>
				{Object.keys(views).map((name) => (
					<button
						key={name}
						aria-current={view.value === name ? 'page' : undefined}
						onClick={() => {
							view.value = name;
						}}
					>
						{t(`view.${name}`)}
					</button>
				))}
			</nav>
		</header>
	);
}

function error_text({ code, message, hint }) {
	const plain = t(`error.${code}`, {}, '');

	return plain || [message, hint].filter(Boolean).join('. ');
}

function Banners() {
	const fault = state.value?.fault;

	if (stale.value)
		return (
			<p class="banner old" role="alert" data-reason={stale.value}>
				{t(`stale.${stale.value}`, { seconds: silent_s.value })}
			</p>
		);
	if (fault && view.value !== 'chair')
		return (
			<p class="banner wrong" role="alert">
				<strong>{reason_text(fault)}</strong> {reason_remedy(fault)}
				{alerts.value.pressed && ` ${alert_text(alerts.value.pressed)}`}
			</p>
		);
	if (notice.value)
		return (
			<p class="banner" role="status">
				{error_text(notice.value.error)}
			</p>
		);
	if (alerts.value.pressed && idle.value)
		return (
			<p class="banner caution" role="status">
				{alert_text(alerts.value.pressed)}
			</p>
		);
	return null;
}

function Stop() {
	const undelivered = stopping.value === 'undelivered';

	return (
		<footer>
			<button class="stop" onClick={stop}>
				<svg viewBox="0 0 24 24" aria-hidden="true">
					<rect x="4" y="4" width="16" height="16" rx="3" />
				</svg>
				<span>
					{stopping.value ? t(`stop.${stopping.value}`) : t('stop')}
					{undelivered && <small>{t('stop.undelivered.hint')}</small>}
				</span>
			</button>
		</footer>
	);
}

function Content({ old }) {
	const View = views[view.value];

	if (old === 'refused' || old === 'choose_chair')
		return <div class="view">{old === 'refused' ? <Login /> : <ChooseChair />}</div>;
	return (
		<div key={view.value} class={`view view-${view.value}`} inert={old !== null}>
			<View />
		</div>
	);
}

function Frame() {
	const old = stale.value;

	return (
		<div class={`frame ${old ? 'is-old' : ''}`}>
			<Header />
			<div class="banners">
				<Banners />
			</div>
			<main>
				<Content old={old} />
			</main>
			<Stop />
		</div>
	);
}

export const draw = (element) => render(<Frame />, element);
