// SPDX-License-Identifier: MIT
//
// What stands around the engine in chairguard, whatever time it lives in: the controller's socket,
// signals, systemd's watchdog, the journal. Two loops step it:
//
//   loop.c      real lines: in real time, on the monotonic clock
//   lockstep.c  a simulated chair: in a time of its own, which the guard hands out
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
	int64_t stop_by_us; // TIME_NEVER until somebody asks
	enum guard_mode last_logged_mode;
	enum guard_reason last_logged_reason;
	uint32_t last_logged_refused;
	bool logged_impossible; // transition of the guard's mode
};

// From here on signals are taken by the loop, and by no thread that is made later. -errno.
int shell_block_signals(struct shell *shell);
// -errno, and what is wrong in the journal. The path must outlive the shell.
int shell_open(struct shell *shell, const struct chair *chair, struct engine *engine,
	const char *socket_path);
void shell_close(struct shell *shell); // says what is left to say

void shell_link_changed(struct shell *shell, int64_t now_us, bool up);
void shell_accept(struct shell *shell, int64_t now_us);
// Send the report that is due, and tell what is new in it. False where none is.
bool shell_report(struct shell *shell);
// A signal has come: let go first, supervised, with the controller shut out; then end.
void shell_stop(struct shell *shell, int64_t now_us);
bool shell_stopping(const struct shell *shell);
bool shell_stopped(const struct shell *shell, int64_t now_us);

// loop.c: until somebody asks to end and everything has been let go. The hal is the engine's.
void loop_run(struct shell *shell, struct hal *hal);

#endif
