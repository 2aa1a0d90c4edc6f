// SPDX-License-Identifier: MIT
//
// A broker that serves the panel, a guard with a simulated chair, a controller, and a client that
// listens: real processes in a folder of their own, as tests/system/rig.h has them. The chair's
// time passes as fast as the programs can go, and stands still while a test acts.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { SOON_MS, open_page, require, top } from './browser.mjs';
import { shows_fresh } from './page.mjs';

const mqtt = require('mqtt');
export const build = process.env.CHAIRD_BUILD ?? path.join(top, 'build/default');
const BROKER_TRIES = 5;

const delay = (ms, why) =>
	new Promise((_, reject) => setTimeout(() => reject(new Error(why)), ms).unref());
const soon = (promise, why) => Promise.race([promise, delay(SOON_MS, why)]);

export function free_port() {
	return new Promise((resolve) => {
		const server = net.createServer();

		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address();

			server.close(() => resolve(port));
		});
	});
}

// --- a process --------------------------------------------------------------------------------

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export class Process {
	constructor(command, ...args) {
		this.output = '';
		this.watchers = new Set();
		this.child = spawn(command, args, {
			cwd: top,
			env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
		});
		this.ended = new Promise((resolve) => this.child.on('close', resolve));
		running.add(this.child);
		this.child.on('close', () => running.delete(this.child));
		for (const stream of [this.child.stdout, this.child.stderr])
			stream.on('data', (data) => {
				this.output += data;
				this.watchers.forEach((watch) => watch());
			});
	}

	// True once it has printed that; false if it ended without.
	logged(text) {
		const seen = new Promise((resolve) => {
			const watch = () => this.output.includes(text) && resolve(true);

			this.watchers.add(watch);
			watch();
		});
		return soon(
			Promise.race([seen, this.ended.then(() => this.output.includes(text))]),
			`no "${text}" in: ${this.output}`,
		);
	}

	async kill(signal = 'SIGKILL') {
		this.child.kill(signal);
		await this.ended;
	}
}

// --- the rig ----------------------------------------------------------------------------------

export class Rig {
	// secured: names and passwords (each the same), and the shipped list of who may do what.
	// dose: keys of that group in the settings.
	static async start({ secured = false, dose = 'limits = "off";' } = {}) {
		const rig = new Rig();

		rig.secured = secured;
		rig.dose = dose;

		rig.dir = mkdtempSync(path.join(tmpdir(), 'chaird-panel.'));
		rig.pages = [];
		rig.received = [];
		rig.listeners = new Set();
		rig.#make_profiles();
		await rig.start_broker();
		await rig.start_guard();
		rig.start_chaird();
		await rig.#listen();
		return rig;
	}

	path(name) {
		return path.join(this.dir, name);
	}

	#make_profiles() {
		const links = {
			atlas: 'profiles/atlas',
			pathways: 'profiles/pathways',
			'sessions/short.cfg': 'tests/scenario/profiles/short.cfg',
			'sessions/gentle.cfg': 'profiles/sessions/gentle.cfg',
			'sessions/legs.cfg': 'profiles/sessions/legs.cfg',
			'sessions/deep-upper-back.cfg': 'profiles/sessions/deep-upper-back.cfg',
			'sessions/shoulders-and-arms.cfg': 'profiles/sessions/shoulders-and-arms.cfg',
		};

		mkdirSync(this.path('profiles/sessions'), { recursive: true });
		for (const [name, target] of Object.entries(links))
			symlinkSync(path.join(top, target), this.path(`profiles/${name}`));
	}

	// The broker's settings of who may do what.
	async #access() {
		if (!this.secured) return ['allow_anonymous true'];
		const passwords = this.path('passwords');

		writeFileSync(passwords, '', { mode: 0o600 });
		for (const user of ['daemon', 'panel', 'technician'])
			await new Process('mosquitto_passwd', '-b', passwords, user, user).ended;
		writeFileSync(this.path('password'), 'daemon\n');
		return [
			'allow_anonymous false',
			`password_file ${passwords}`,
			`acl_file ${path.join(top, 'systemd/mosquitto/chaird.acl')}`,
		];
	}

	// Whoever takes a port between its choice and its use makes the broker end: then others.
	async start_broker() {
		for (let i = 0; i < BROKER_TRIES; i++) {
			this.port ??= await free_port();
			this.web_port ??= await free_port();
			writeFileSync(
				this.path('mosquitto.conf'),
				[
					`listener ${this.port} 127.0.0.1`,
					`listener ${this.web_port} 127.0.0.1`,
					'protocol websockets',
					`http_dir ${path.join(top, 'build/panel')}`,
					...(await this.#access()),
					'persistence false',
					'set_tcp_nodelay true',
					'user root',
					'max_queued_messages 100000', // with 0 Mosquitto ends a connection with a denied publication
					'',
				].join('\n'),
			);
			this.broker = new Process('mosquitto', '-c', this.path('mosquitto.conf'));
			if ((await this.broker.logged(' running')) && !this.broker.output.includes('Error'))
				return;
			await this.broker.kill();
			this.port = this.web_port = undefined;
		}
		throw new Error(`no broker could be started: ${this.broker.output}`);
	}

	async start_guard() {
		this.guard = new Process(
			path.join(build, 'chairguard'),
			'--backend=sim',
			`--chair=${top}/profiles/chairs/recliner.cfg`,
			`--socket=${this.path('guard.sock')}`,
			`--sim-control=${this.path('sim.sock')}`,
			`--trace=${this.path('pins')}`,
			'--speed=max',
			'--seed=1',
		);
		await this.guard.logged('guard.sock');
		this.clock?.child.kill();
		this.clock = new Process(path.join(top, 'tests/panel/clock'), this.path('sim.sock'));
		this.answers = [];
		createInterface({ input: this.clock.child.stdout }).on('line', (line) =>
			this.answers.shift()?.(line),
		);
	}

	start_chaird() {
		writeFileSync(
			this.path('chaird.cfg'),
			[
				`chair_file = "${top}/profiles/chairs/recliner.cfg";`,
				`profiles_dir = "${this.path('profiles')}";`,
				`guard_socket = "${this.path('guard.sock')}";`,
				`state_dir = "${this.dir}";`,
				'telemetry_hz = 5;',
				`dose = { ${this.dose} };`,
				`broker = { host = "127.0.0.1"; port = ${this.port}; grace_s = 60; ${
					this.secured
						? `username = "daemon"; password_file = "${this.path('password')}"; `
						: ''
				}};`,
				'',
			].join('\n'),
		);
		this.chaird = new Process(
			path.join(build, 'chaird'),
			`--config=${this.path('chaird.cfg')}`,
		);
	}

	async #listen() {
		this.client = mqtt.connect(`mqtt://127.0.0.1:${this.port}`, {
			protocolVersion: 5,
			reconnectPeriod: 100,
			...(this.secured ? { username: 'technician', password: 'technician' } : {}),
		});
		this.client.on('message', (topic, payload) => {
			this.received.push({
				topic: topic.replace('chair/recliner/', ''),
				text: payload.toString(),
			});
			this.listeners.forEach((listener) => listener());
		});
		await this.client.subscribeAsync('chair/recliner/#', { qos: 1 });
		await this.expect('availability', 'online');
		await this.expect('state', '"guard":true');
	}

	async end() {
		for (const page of this.pages) await page.context().close();
		this.client.end(true);
		for (const part of [this.chaird, this.guard, this.clock, this.broker]) await part.kill();
		rmSync(this.dir, { recursive: true });
	}

	// --- what tests do ---

	get url() {
		return `http://127.0.0.1:${this.web_port}/`;
	}

	// A page with fresh data from the chair.
	async page({ fresh = true, ...options } = {}) {
		const page = await open_page(this.url, options);

		this.pages.push(page);
		if (fresh) await shows_fresh(page);
		return page;
	}

	// The programs' last output, and the last messages.
	report() {
		const parts = ['chaird', 'guard', 'broker'].map(
			(part) => `--- ${part}:\n${this[part].output.split('\n').slice(-12).join('\n')}`,
		);
		const last = this.received
			.slice(-8)
			.map(({ topic, text }) => `${topic} ${text.slice(0, 300)}`);

		return [...parts, '--- last messages:', ...last].join('\n');
	}

	async close(page) {
		this.pages = this.pages.filter((other) => other !== page);
		await page.context().close();
	}

	mark() {
		return this.received.length;
	}

	// Wait for a message since the mark whose text has that in it.
	expect(topic, text, mark = 0) {
		const find = () =>
			this.received
				.slice(mark)
				.find((message) => message.topic === topic && message.text.includes(text));
		const received = new Promise((resolve) => {
			const listener = () => {
				const message = find();

				if (!message) return;
				this.listeners.delete(listener);
				resolve(message);
			};

			this.listeners.add(listener);
			listener();
		});
		return soon(
			received,
			`no ${text} on ${topic}; the last there: ${this.received.findLast((message) => message.topic === topic)?.text}`,
		);
	}

	publish(topic, text) {
		return this.client.publishAsync(`chair/recliner/${topic}`, text, { qos: 1 });
	}

	async start_session(profile = 'short') {
		const mark = this.mark();

		await this.publish(
			'request/start',
			JSON.stringify({ id: `rig-${mark}`, args: { profile } }),
		);
		await this.expect('response/start', '"ok":true', mark);
	}

	// A command to the chair's clock, or an incident of the simulated chair. sent: the guard has it;
	// answer: its answer, which comes when the time stands if it is to stand.
	#word(word) {
		const [sent, answer] = [0, 1].map(
			() => new Promise((resolve) => this.answers.push(resolve)),
		);

		this.clock.child.stdin.write(`${word}\n`);
		return {
			sent,
			answer: soon(answer, `the chair's clock does not answer ${word}: ${this.guard.output}`),
		};
	}

	async send(word) {
		const answer = await this.#word(word).answer;

		if (answer !== 'ok') throw new Error(`${word}: ${answer}`);
	}

	// Let the chair's time pass until then. halted: the time at which it stands, in microseconds. In
	// between the test does what makes it pass.
	async will_pass(until) {
		const { sent, answer } = this.#word(until);

		await sent;
		return {
			halted: answer.then((text) =>
				Math.round(Number(/^halted ([\d.]+)/.exec(text)[1]) * 1e6),
			),
		};
	}

	async pass(until) {
		return (await this.will_pass(until)).halted;
	}

	// Bring a session to a phase, in which the chair's time stands still.
	async bring_to(phase, profile) {
		const mark = this.mark();
		const { halted } = await this.will_pass(`halt:${phase}`);

		await this.start_session(profile);
		const now_us = await halted;
		await this.expect('state', `"phase":"${phase}"`, mark);
		return now_us;
	}

	// Every change of a pin until now: { t_us, line: "depth.forward", on }. On is off its safe level.
	pins() {
		const lines = {};
		const changes = [];

		for (const text of readFileSync(this.path('pins'), 'utf8').split('\n').slice(0, -1)) {
			const [, wire, actuator, role, safe] =
				/^# line (\S+) (\S+) (\S+) safe (\d)/.exec(text) ?? [];
			const [t_us, name, level] = text.split(' ');

			if (wire) lines[wire] = { name: actuator === '-' ? role : `${actuator}.${role}`, safe };
			else if (lines[name])
				changes.push({
					t_us: Number(t_us),
					line: lines[name].name,
					on: level !== lines[name].safe,
				});
		}
		return changes;
	}
}
