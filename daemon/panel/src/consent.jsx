// SPDX-License-Identifier: MIT
//
// Who may not use the chair; asked before the first session on this device, kept with its date; or
// before the first one of a person by name, and kept by the chair.
import { signal } from '@preact/signals';
import { t } from './i18n.js';
import { consent, person } from './people.jsx';

const KEY = 'chaird.consent';

export const consented = signal(localStorage.getItem(KEY)); // an ISO date, or null

function Card({ title, onYes, onNo, children }) {
	return (
		<section class="card consent">
			<h2>{title}</h2>
			{children}
			<div class="start">
				<button onClick={onNo}>{t('consent.no')}</button>
				<button class="primary" onClick={onYes}>
					{t('consent.yes')}
				</button>
			</div>
		</section>
	);
}

export function Consent({ onYes, onNo }) {
	const yes = () => {
		consented.value = new Date().toISOString();
		localStorage.setItem(KEY, consented.value);
		onYes();
	};

	return (
		<Card title={t('consent.title')} onYes={yes} onNo={onNo}>
			<p>{t('consent.text')}</p>
			<ul>
				{t('consent.list')
					.split('|')
					.map((item) => (
						<li key={item}>{item}</li>
					))}
			</ul>
			<p>
				<strong>{t('consent.physician')}</strong>
			</p>
		</Card>
	);
}

// Of a person by name: the chair keeps the text, so that very text is shown; in another language, a
// translation before it.
export function PersonConsent({ onYes, onNo }) {
	const { name, consent_text: kept } = person.value;
	const translated = document.documentElement.lang !== 'en';
	const original = <p lang="en">{kept}</p>;
	const yes = async () => {
		if (await consent()) onYes();
	};

	return (
		<Card title={t('consent.person', { name })} onYes={yes} onNo={onNo}>
			{translated && <p class="whole">{t('consent.whole')}</p>}
			{translated ? (
				<details>
					<summary>{t('consent.kept')}</summary>
					{original}
				</details>
			) : (
				original
			)}
		</Card>
	);
}
