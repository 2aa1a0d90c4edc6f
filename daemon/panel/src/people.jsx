// SPDX-License-Identifier: MIT
//
// For whom a session is, on a chair that knows people by name. It is asked anew after each session:
// the next one in the seat may be somebody else, to whom other points are closed.
import { computed, effect, signal, untracked } from '@preact/signals';
import { atlas, info, request, stale } from './chair.js';
import { refuse } from './commands.js';
import { t } from './i18n.js';
import { in_session } from './navigation.js';

const NOBODY = ''; // nobody by name

export const names = computed(() => info.value?.persons ?? []);
const chosen = signal(null); // a name or NOBODY; null: not yet
export const who = computed(() => (names.value.includes(chosen.value) ? chosen.value : null));
export const asks_who = computed(
	() => names.value.length > 0 && who.value === null && chosen.value !== NOBODY,
);

// What the verb `person` answers of the one who is chosen; null: not yet, or nobody by name.
export const person = signal(null);

async function fetch_person(name) {
	try {
		const answer = await request('person', { person: name });

		if (who.peek() === name) person.value = answer;
	} catch (error) {
		if (who.peek() !== name) return;
		chosen.value = null;
		refuse(error);
	}
}

// Also when the chair has read its files again.
effect(() => {
	const [name, known] = [who.value, info.value];

	person.value = null;
	if (name && known && stale.value === null) untracked(() => fetch_person(name));
});

let was_running = false;
effect(() => {
	if (was_running && !in_session.value) chosen.value = null;
	was_running = in_session.value;
});

// Accept the text that was shown. True if the chair keeps that.
export async function consent() {
	try {
		person.value = await request('consent', {
			person: who.value,
			text: person.value.consent_text,
		});
		return true;
	} catch (error) {
		refuse(error);
		return false;
	}
}

const regions = computed(() =>
	Object.fromEntries(atlas.value?.points.map(({ name, region }) => [name, region]) ?? []),
);

// Why a point is closed to this person; undefined: it is open.
export function why_closed(point) {
	return person.value?.closed.find(
		(closing) =>
			closing.points.includes(point) || closing.regions.includes(regions.value[point]),
	)?.reason;
}

function choose(name) {
	chosen.value = name;
}

export function Who() {
	return (
		<div class="column">
			<h2>{t('who.question')}</h2>
			<div class="chips">
				{names.value.map((name) => (
					<button key={name} onClick={() => choose(name)}>
						{name}
					</button>
				))}
				<button onClick={() => choose(NOBODY)}>{t('who.nobody')}</button>
			</div>
			<p class="hint">{t('who.hint')}</p>
		</div>
	);
}

export function For() {
	if (!names.value.length) return null;
	return (
		<div class="title for">
			<span>
				{t('who.for')} <strong>{who.value ?? t('who.nobody')}</strong>
			</span>
			<button onClick={() => choose(null)}>{t('who.another')}</button>
		</div>
	);
}
