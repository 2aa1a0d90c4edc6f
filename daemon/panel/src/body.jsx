// SPDX-License-Identifier: MIT
import { mirrored, place, zone_at, zones } from './anatomy.js';

const outline = (polygon) => `M${polygon.map(([x, y]) => `${x} ${y}`).join('L')}Z`;

function Zone({ zone, chosen }) {
	const shapes = zone.pair ? [zone.pair, mirrored(zone.pair)] : [zone.shape];

	return (
		<g class={`zone ${chosen ? 'chosen' : ''}`} data-zone={zone.name}>
			{zone.head ? (
				<ellipse cx="0" {...zone.head} />
			) : (
				shapes.map((shape) => <path d={outline(shape)} />)
			)}
		</g>
	);
}

// A picture only: whatever can be tapped here has a button beside it.
// points: [{ point, as: 'current' | 'done' | 'coming' }]
// small: on a telephone it leaves room for the list beside it.
export function Body({ chosen = [], onChoose, points = [], small = false }) {
	const tapped = (event) => {
		const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(
			event.currentTarget.getScreenCTM().inverse(),
		);
		const name = zone_at(x, y);

		if (name) onChoose(name);
	};

	return (
		<svg
			onClick={onChoose && tapped}
			class={`body ${onChoose ? 'tappable' : ''} ${small ? 'small' : ''}`}
			viewBox="-110 0 220 404"
			aria-hidden="true"
		>
			{zones.map((zone) => (
				<Zone key={zone.name} zone={zone} chosen={chosen.includes(zone.name)} />
			))}
			{points.map(({ point, as }) => {
				const { x, y } = place(point);

				return (
					<g key={point.name} class={`point ${as}`} transform={`translate(${x} ${y})`}>
						{as === 'current' && <circle class="halo" r="11" />}
						<circle r={as === 'current' ? 7 : 4.5} />
					</g>
				);
			})}
		</svg>
	);
}
