// SPDX-License-Identifier: MIT
import { signal } from '@preact/signals';
import { chairs, choose_chair, connection } from './chair.js';
import { t } from './i18n.js';
import { keep_login } from './kept_login.js';

const tried = signal(false);

function submit(event) {
	const form = new FormData(event.target);
	const login = { username: form.get('username'), password: form.get('password') };

	event.preventDefault();
	tried.value = true;
	keep_login(login, form.has('keep'));
	connection.open(login);
}

export function Login() {
	return (
		<form class="card form" onSubmit={submit}>
			<h2>{t('login.title')}</h2>
			<p>{t(tried.value ? 'login.wrong' : 'login.text')}</p>
			<label>
				{t('login.user')}
				<input name="username" autocomplete="username" required value="panel" />
			</label>
			<label>
				{t('login.password')}
				<input name="password" type="password" autocomplete="current-password" required />
			</label>
			<label class="check">
				<input name="keep" type="checkbox" checked />
				{t('login.keep')}
			</label>
			<button class="primary">{t('login.submit')}</button>
		</form>
	);
}

export function ChooseChair() {
	return (
		<section class="card form">
			<h2>{t('chairs.title')}</h2>
			{chairs.value.map((name) => (
				<button key={name} class="row" onClick={() => choose_chair(name)}>
					{name}
				</button>
			))}
		</section>
	);
}
