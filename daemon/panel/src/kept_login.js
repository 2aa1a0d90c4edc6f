// SPDX-License-Identifier: MIT
//
// The name and the password for the broker: in this browser for good, or until its window is closed.
const KEY = 'chaird.login';

export function kept_login() {
	return JSON.parse(localStorage.getItem(KEY) ?? sessionStorage.getItem(KEY) ?? 'null');
}

export function keep_login(login, for_good) {
	for (const store of [localStorage, sessionStorage]) store.removeItem(KEY);
	(for_good ? localStorage : sessionStorage).setItem(KEY, JSON.stringify(login));
}
