// SPDX-License-Identifier: MIT
//
// Who may not use the chair; asked before the first session on this device, kept with its date.
import { signal } from '@preact/signals';
import { t } from './i18n.js';

const KEY = 'chaird.consent';

export const consented = signal(localStorage.getItem(KEY)); // an ISO date, or null

export function Consent({ onYes, onNo }) {
	const yes = () => {
		consented.value = new Date().toISOString();
		localStorage.setItem(KEY, consented.value);
		onYes();
	};

	return (
		<section class="card consent">
			<h2>{t('consent.title')}</h2>
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
			<div class="start">
				<button onClick={onNo}>{t('consent.no')}</button>
				<button class="primary" onClick={yes}>
					{t('consent.yes')}
				</button>
			</div>
		</section>
	);
}
