// SPDX-License-Identifier: MIT
#include "guard/shell.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "service/log.h"
#include "service/notify.h"

#define STOP_MARGIN_US (1 * US_PER_S)

int shell_block_signals(struct shell *shell)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	shell->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return shell->signal_fd < 0 ? -errno : 0;
}

int shell_open(struct shell *shell, const struct chair *chair, struct engine *engine,
	const char *socket_path)
{
	int r = rt_log_start(&shell->log, chair);

	if (r < 0) {
		log_error("cannot start: %s", strerror(-r));
		return r;
	}
	r = link_open(socket_path, notify_listen_fd(), &shell->link);
	if (r < 0) {
		log_error("%s: %s", socket_path, strerror(-r));
		rt_log_stop(&shell->log);
		return r;
	}
	r = feeder_open(&shell->feeder);
	if (r < 0)
		log_error("systemd's watchdog cannot be fed: %s", strerror(-r));
	shell->chair = chair;
	shell->engine = engine;
	shell->stop_by_us = TIME_NEVER;
	return 0;
}

void shell_close(struct shell *shell)
{
	link_close(&shell->link);
	rt_log_stop(&shell->log);
	feeder_close(&shell->feeder);
}

// --- the controller ---------------------------------------------------------------------------

void shell_link_changed(struct shell *shell, int64_t now_us, bool up)
{
	engine_link(shell->engine, now_us, up);
	rt_log_write(&shell->log, &(struct note){ .kind = up ? NOTE_LINK_UP : NOTE_LINK_DOWN });
}

void shell_accept(struct shell *shell, int64_t now_us)
{
	if (link_accept(&shell->link))
		shell_link_changed(shell, now_us, true);
	if (shell->link.refused == shell->last_logged_refused)
		return;
	shell->last_logged_refused = shell->link.refused;
	rt_log_write(&shell->log,
		&(struct note){ .kind = NOTE_SECOND, .count = shell->last_logged_refused });
}

static void log_impossible(struct shell *shell)
{
	const struct guard_transition *impossible = engine_impossible(shell->engine);

	if (!impossible || shell->logged_impossible)
		return;
	shell->logged_impossible = true;
	rt_log_write(&shell->log,
		&(struct note){ .kind = NOTE_IMPOSSIBLE,
			.from = impossible->from,
			.mode = impossible->to });
}

bool shell_report(struct shell *shell)
{
	union wire_frame frame;
	const struct wire_report *report = &frame.report;
	struct note note = { .kind = NOTE_MODE };

	if (!engine_take_report(shell->engine, &frame.report))
		return false;
	link_send(&shell->link, &frame);
	log_impossible(shell);
	note.mode = report->mode;
	note.reason = report->reason;
	note.culprit = report->culprit;
	note.error = engine_line_error(shell->engine, &note.line);
	if (note.mode == shell->last_logged_mode && note.reason == shell->last_logged_reason)
		return true;
	shell->last_logged_mode = note.mode;
	shell->last_logged_reason = note.reason;
	rt_log_write(&shell->log, &note);
	return true;
}

// --- the end ----------------------------------------------------------------------------------

void shell_stop(struct shell *shell, int64_t now_us)
{
	struct signalfd_siginfo info;

	if (read(shell->signal_fd, &info, sizeof(info)) < 0 || shell_stopping(shell))
		return;
	rt_log_write(&shell->log, &(struct note){ .kind = NOTE_STOP });
	shell->stop_by_us = now_us + chair_release_max_us(shell->chair) + STOP_MARGIN_US;
	engine_link(shell->engine, now_us, false);
}

bool shell_stopping(const struct shell *shell)
{
	return shell->stop_by_us != TIME_NEVER;
}

bool shell_stopped(const struct shell *shell, int64_t now_us)
{
	enum guard_mode mode = engine_mode(shell->engine);

	if (engine_failed(shell->engine))
		return true;
	if (!shell_stopping(shell))
		return false;
	return (mode != GUARD_ACTIVE && mode != GUARD_RELEASING) || now_us >= shell->stop_by_us;
}
