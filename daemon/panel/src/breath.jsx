// SPDX-License-Identifier: MIT
//
// A circle to breathe with. The chair presses while one breathes out, so the circle follows the
// breath of the target; as long as that is unknown, it keeps the profile's rhythm. The browser's
// compositor moves it steadily while the page is busy.
import { useEffect, useRef, useState } from 'preact/hooks';
import { breath } from './chair.js';
import { number, t } from './i18n.js';

const SMALL = 'scale(0.62)';

const loaded_ms = performance.now();

function rhythm(profile) {
	const { inhale_s, exhale_s } = profile?.breathing ?? {};

	if (breath.value) return breath.value;
	return inhale_s > 0 && exhale_s > 0 ? { origin_ms: loaded_ms, inhale_s, exhale_s } : null;
}

// Milliseconds since the current exhale began.
function since_exhale_ms({ origin_ms, inhale_s, exhale_s }) {
	const cycle_ms = (inhale_s + exhale_s) * 1000;

	return (((performance.now() - origin_ms) % cycle_ms) + cycle_ms) % cycle_ms;
}

function Circle({ pace }) {
	const circle = useRef(null);
	const [exhaling, set_exhaling] = useState(true);
	const { inhale_s, exhale_s, origin_ms } = pace;

	useEffect(() => {
		const cycle_s = inhale_s + exhale_s;
		const animation = circle.current.animate(
			[
				{ transform: 'scale(1)', easing: 'ease-in-out' },
				{ transform: SMALL, offset: exhale_s / cycle_s, easing: 'ease-in-out' },
				{ transform: 'scale(1)' },
			],
			{ duration: cycle_s * 1000, iterations: Infinity },
		);
		let timer = 0;
		const turn = () => {
			const since_ms = since_exhale_ms(pace);
			const out = since_ms < exhale_s * 1000;

			set_exhaling(out);
			timer = setTimeout(turn, (out ? exhale_s : cycle_s) * 1000 - since_ms + 20);
		};

		animation.currentTime = since_exhale_ms(pace);
		turn();
		return () => {
			clearTimeout(timer);
			animation.cancel();
		};
	}, [inhale_s, exhale_s, origin_ms]);

	return (
		<>
			<div class="circle" ref={circle} />
			<span>{t(exhaling ? 'breath.out' : 'breath.in')}</span>
		</>
	);
}

export function Breath({ profile }) {
	const pace = rhythm(profile);
	const label = pace
		? t('breath.label', { inhale: number(pace.inhale_s), exhale: number(pace.exhale_s) })
		: t('breath.free');

	return (
		<div class="breath" role="img" aria-label={label}>
			{pace ? <Circle pace={pace} /> : <span>{label}</span>}
		</div>
	);
}
