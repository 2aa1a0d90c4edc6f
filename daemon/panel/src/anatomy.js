// SPDX-License-Identifier: MIT
//
// The body as it is drawn: seen from behind, its left at the left. x is 0 in the middle and grows
// to the person's right, y grows downwards; one unit is about 4 mm of a body.

// What can be tapped. Polygons, closed and with round corners; those of `pair` on both sides.
export const zones = [
	{ name: 'head', head: { cy: 30, rx: 20, ry: 25 } },
	{
		name: 'neck',
		shape: [
			[-10, 61],
			[10, 61],
			[12, 73],
			[-12, 73],
		],
	},
	{
		name: 'shoulder',
		pair: [
			[4, 80],
			[20, 80],
			[47, 86],
			[60, 96],
			[62, 108],
			[40, 101],
			[4, 92],
		],
	},
	{
		name: 'upper_back',
		shape: [
			[-6, 98],
			[6, 98],
			[40, 107],
			[46, 113],
			[44, 136],
			[-44, 136],
			[-46, 113],
			[-40, 107],
		],
	},
	{
		name: 'mid_back',
		shape: [
			[-43, 143],
			[43, 143],
			[39, 169],
			[-39, 169],
		],
	},
	{
		name: 'lower_back',
		shape: [
			[-38, 176],
			[38, 176],
			[42, 199],
			[-42, 199],
		],
	},
	{
		name: 'buttock',
		pair: [
			[4, 206],
			[43, 206],
			[49, 222],
			[46, 243],
			[9, 243],
			[4, 236],
		],
	},
	{
		name: 'upper_arm',
		pair: [
			[66, 102],
			[73, 112],
			[84, 158],
			[71, 162],
			[62, 116],
		],
	},
	{
		name: 'forearm',
		pair: [
			[72, 169],
			[85, 165],
			[96, 220],
			[105, 246],
			[93, 252],
			[85, 224],
		],
	},
	{
		name: 'thigh',
		pair: [
			[9, 250],
			[46, 250],
			[43, 298],
			[38, 314],
			[15, 314],
			[10, 290],
		],
	},
	{
		name: 'calf',
		pair: [
			[15, 321],
			[38, 321],
			[41, 344],
			[35, 382],
			[43, 398],
			[18, 398],
			[21, 382],
			[14, 348],
		],
	},
];

const FINGER = 24;

export const mirrored = (polygon) => polygon.map(([x, y]) => [-x, y]);

// Of a point to the nearest point of the line from a to b.
function distance_to_edge(x, y, [ax, ay], [bx, by]) {
	const length2 = (bx - ax) ** 2 + (by - ay) ** 2;
	const share = Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2));

	return Math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay));
}

function is_inside(x, y, polygon) {
	const crossed = polygon.filter(([ax, ay], index) => {
		const [bx, by] = polygon.at(index - 1);

		return ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax);
	});

	return crossed.length % 2 === 1;
}

function distance_to_zone(x, y, { head, shape, pair }) {
	if (head) return Math.max(0, Math.hypot(x, y - head.cy) - head.ry);
	const distances = [shape ?? pair, mirrored(shape ?? pair)].map((polygon) =>
		is_inside(x, y, polygon)
			? 0
			: Math.min(
					...polygon.map((corner, index) =>
						distance_to_edge(x, y, corner, polygon.at(index - 1)),
					),
				),
	);

	return Math.min(...distances);
}

// The zone that a finger means: the nearest, if one is near.
export function zone_at(x, y) {
	const [nearest] = zones
		.map((zone) => ({ name: zone.name, distance: distance_to_zone(x, y, zone) }))
		.sort((a, b) => a.distance - b.distance);

	return nearest.distance < FINGER ? nearest.name : null;
}

// Both ends of each limb's middle, on the right, and the `lateral_mm` of that middle.
const limbs = {
	upper_arm: { from: [66, 106], to: [77, 160], middle_mm: 30 },
	forearm: { from: [78, 168], to: [91, 222], middle_mm: 30 },
	hand: { from: [92, 226], to: [99, 248], middle_mm: 20 },
	thigh: { from: [24, 252], to: [24, 314], middle_mm: 30 },
	calf: { from: [26, 322], to: [28, 382], middle_mm: 30 },
	shin: { from: [26, 322], to: [28, 382], middle_mm: 30 },
	foot: { from: [28, 386], to: [31, 396], middle_mm: 30 },
};
const LIMB_UNITS_PER_MM = 0.22;
const TRUNK_UNITS_PER_MM = 0.36;
const SPINE = [
	[-0.5, 30],
	[-0.25, 58],
	[0, 81],
	[0.35, 136],
	[0.65, 172],
	[0.92, 202],
	[1, 226],
];

function spine_y(along) {
	const next = Math.max(
		1,
		SPINE.findIndex(([end]) => along <= end),
	);
	const [[a, y_a], [b, y_b]] = [SPINE[next - 1], SPINE[next]];

	return y_a + ((along - a) / (b - a)) * (y_b - y_a);
}

// Of a point of the atlas.
export function place(point) {
	const outward = { left: -1, right: 1 }[point.side] ?? 0;
	const limb = limbs[point.region];

	if (!limb)
		return { x: outward * point.lateral_mm * TRUNK_UNITS_PER_MM, y: spine_y(point.along) };
	const at = (axis) => limb.from[axis] + point.along * (limb.to[axis] - limb.from[axis]);
	return {
		x: outward * (at(0) + (point.lateral_mm - limb.middle_mm) * LIMB_UNITS_PER_MM),
		y: at(1),
	};
}

// --- referral ---------------------------------------------------------------------------------

// refers_to in the atlas is a text for people; these words stand for a zone.
const words = {
	head: /\bhead\b|temple|eye|jaw|vertex|skull|mastoid/,
	neck: /neck|\bc7\b|skull base|mastoid/,
	shoulder: /shoulder(?! blade)|acromion|deltoid|tendon/,
	upper_back: /scapula|shoulder blade|\bt3\b/,
	mid_back: /mid back|toward the spine|lower scapula/,
	lower_back: /low back|lower spine|sacroiliac|iliac crest|spinous/,
	buttock: /buttock|sacrum|coccyx|trochanter|hip\b/,
	upper_arm: /\barm\b|deltoid|elbow/,
	forearm: /elbow|thumb|hand\b|finger|wrist|forearm/,
	thigh: /thigh|hamstring|\bleg\b/,
	calf: /calf|\bleg\b|knee|ankle|heel|instep|foot|shin/,
};
const drawn_as = {
	hand: 'forearm',
	shin: 'calf',
	foot: 'calf',
	chest: 'upper_back',
	abdomen: 'lower_back',
	throat: 'neck',
	knee: 'calf',
};

export const zone_of_region = (region) => drawn_as[region] ?? region;
const is_in = (text, zone) => words[zone].test(text.toLowerCase());

// Pain that is felt here may come from a point elsewhere, or from one that lies here.
const felt_in = (point, zone) =>
	zone_of_region(point.region) === zone || is_in(point.refers_to, zone);

// For a zone: pathways that lead there, the nearest first, each with the profiles that suit it best;
// and other profiles most of whose points are felt there.
export function remedies(zone, atlas, profiles) {
	const felt = new Set(
		atlas.points.filter((point) => felt_in(point, zone)).map(({ name }) => name),
	);
	const share = (names) => names.filter((name) => felt.has(name)).length / names.length;
	const playable = profiles
		.filter((profile) => profile?.steps && profile.minutes !== null)
		.map((profile) => ({ profile, points: profile_points(profile) }));
	const pathways = atlas.pathways
		.filter(({ referral }) => is_in(referral, zone))
		.map((pathway) => ({ ...pathway, share: share(pathway.points) }))
		.sort((a, b) => b.share - a.share)
		.map((pathway) => ({ ...pathway, profiles: suiting(pathway.points, playable) }));
	const offered = new Set(pathways.flatMap((pathway) => pathway.profiles));
	const others = playable
		.filter(({ profile, points }) => !offered.has(profile) && share(points) > 0.5)
		.map(({ profile }) => profile);

	return { pathways, others };
}

const OFFERED_MAX = 3;

// Profiles that press some of these points: first those that press most of them and little else.
function suiting(names, playable) {
	const wanted = new Set(names);

	return playable
		.map(({ profile, points }) => {
			const n = points.filter((name) => wanted.has(name)).length;

			return { profile, fit: n / names.length + n / points.length };
		})
		.filter(({ fit }) => fit > 0)
		.sort((a, b) => b.fit - a.fit)
		.slice(0, OFFERED_MAX)
		.map(({ profile }) => profile);
}

// Every point of a profile, once, in the order in which it is first pressed.
export function profile_points(profile) {
	return [...new Set(profile?.steps.flatMap((step) => step.points) ?? [])];
}

// The zones that a profile presses, from the head down.
export function profile_zones(profile, atlas) {
	const names = new Set(profile_points(profile));
	const pressed = new Set(
		atlas?.points
			.filter(({ name }) => names.has(name))
			.map(({ region }) => zone_of_region(region)),
	);

	return zones.map(({ name }) => name).filter((name) => pressed.has(name));
}

// The points of the running profile that are done. A step of the session is a press, and a profile
// has no numbers of presses: of the current point's places in the profile's order, take the one
// nearest to the share of steps that are done.
export function done_points(profile, state) {
	const sequence = profile?.steps.flatMap((step) => step.points) ?? [];
	const share = state.steps ? (state.step - 1) / state.steps : 0;
	const distance = (index) => Math.abs(index / sequence.length - share);
	const at =
		sequence
			.map((name, index) => (state.points.includes(name) ? index : -1))
			.filter((index) => index >= 0)
			.sort((a, b) => distance(a) - distance(b))[0] ?? Math.floor(share * sequence.length);
	const coming = new Set(sequence.slice(at));

	return new Set(sequence.slice(0, at).filter((name) => !coming.has(name)));
}
