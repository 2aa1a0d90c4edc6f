// SPDX-License-Identifier: MIT
//
// Texts for people. One file is one language; to add one, translate strings/en.js and list it here.
import * as de from '../strings/de.js';
import * as en from '../strings/en.js';

const languages = { en, de };
const language =
	navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => languages[tag]) ?? 'en';

document.documentElement.lang = language;

// How numbers and dates are written, which may differ from country to country.
const locale = navigator.languages.find((tag) => tag.startsWith(language)) ?? language;

// The text of a key such as "phase.hold", with {names} filled in; `fallback` if there is none.
export function t(key, values = {}, fallback = key) {
	const text = languages[language].default[key] ?? en.default[key] ?? fallback;

	return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

// What a chair calls a muscle, a place or a session; `terms` for a list of such.
export const term = (text) => languages[language].terms[text] ?? text;
export const terms = (text) => text.split(', ').map(term).join(', ');

export const number = (value, digits = 0) =>
	value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });

export const clock = (date) => date.toLocaleTimeString(locale);
export const moment = (date) =>
	date.toLocaleString(locale, { dateStyle: 'short', timeStyle: 'short' });
export const day = (date) => date.toLocaleDateString(locale);

export function minutes(seconds) {
	const whole = Math.max(0, Math.round(seconds));

	return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

// "a, b and c"
export const list = (items) => new Intl.ListFormat(language).format(items);
