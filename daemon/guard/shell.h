// SPDX-License-Identifier: MIT
//
// The parts of chairguard around the engine that both of its loops share: the controller's socket,
// signals, systemd's watchdog, the log. The loops:
//
//   loop.c      real lines: in real time, on the monotonic clock
//   lockstep.c  a simulated chair: in a time of its own, which the guard grants
//
// now_us below is the loop's. Real-time safe after shell_open().
#ifndef CHAIRD_GUARD_SHELL_H
#define CHAIRD_GUARD_SHELL_H

#include "guard/engine.h"
#include "guard/link.h"
#include "guard/rt_log.h"
#include "service/feeder.h"
#include "service/suspend.h"

struct shell {
	const struct chair *chair; // borrowed
	struct engine *engine;     // borrowed
	struct link link;
	struct rt_log log;
	int signal_fd;
	struct feeder feeder;
	struct suspend suspend;
	int64_t stop_by_us; // the latest end after a signal; TIME_NEVER before
	enum guard_mode last_logged_mode;
	enum guard_reason last_logged_reason;
	uint32_t last_logged_refused;
	bool logged_impossible; // transition of the guard's mode
};

// Blocks SIGTERM and SIGINT, also in threads made later; the loop reads them from signal_fd.
// -errno.
int shell_block_signals(struct shell *shell);
// 0, or -errno after logging it. The path must outlive the shell.
int shell_open(struct shell *shell, const struct chair *chair, struct engine *engine,
	const char *socket_path);
void shell_close(struct shell *shell); // logs all pending notes

void shell_link_changed(struct shell *shell, int64_t now_us, bool up);
void shell_accept(struct shell *shell, int64_t now_us);
// Send the report that is due, and log a change of mode or reason. False if none is due.
bool shell_report(struct shell *shell);
// Handle a signal: disconnect the controller, release under supervision, then end.
void shell_stop(struct shell *shell, int64_t now_us);
bool shell_stopping(const struct shell *shell);
bool shell_stopped(const struct shell *shell, int64_t now_us);

// loop.c: run until a signal, and until everything has been released then. The hal is the engine's.
void loop_run(struct shell *shell, struct hal *hal);

#endif
