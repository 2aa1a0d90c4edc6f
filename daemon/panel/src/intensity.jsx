// SPDX-License-Identifier: MIT
//
// The intensity, in steps. What is shown is what the chair has accepted; a step that is under way
// counts for the next one.
import { effect, signal } from '@preact/signals';
import { target } from './chair.js';
import { command } from './commands.js';
import { number, t } from './i18n.js';

const STEP = 5;
const under_way = signal(null);

effect(() => {
	void target.value;
	under_way.value = null;
});

async function change(percent) {
	under_way.value = percent;
	if (!(await command('intensity', { intensity: percent }))) under_way.value = null;
}

export function Intensity() {
	const accepted = target.value?.intensity ?? null;
	const ease = target.value?.ease ?? 1; // what feedback has made of it
	const percent = under_way.peek() ?? accepted;
	const step = (by) => change(Math.min(100, Math.max(0, Math.round(percent / STEP) * STEP + by)));

	return (
		<div class="stepper" role="group" aria-label={t('session.intensity')}>
			<button
				aria-label={t('session.intensity.lower')}
				disabled={accepted === null || percent <= 0}
				onClick={() => step(-STEP)}
			>
				−
			</button>
			<div>
				<span>{t('session.intensity')}</span>
				<output>{accepted === null ? '–' : `${Math.round(accepted)} %`}</output>
				{ease < 1 && <small>{t('session.ease', { ease: number(ease * 100) })}</small>}
			</div>
			<button
				aria-label={t('session.intensity.raise')}
				disabled={accepted === null || percent >= 100}
				onClick={() => step(STEP)}
			>
				+
			</button>
		</div>
	);
}
