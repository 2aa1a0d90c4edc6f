// SPDX-License-Identifier: MIT
//
// When bytes arrive in pipes: one thread, whose real-time priority is above the guard's, takes the
// time of all of them. It sleeps until then, so that it takes no processor from what is measured.
#ifndef TESTS_BENCH_WATCHER_H
#define TESTS_BENCH_WATCHER_H

#include <stddef.h>
#include <stdint.h>

#define WATCHER_PIPES_MAX 2

struct watcher;

// Of the reading ends of pipes, which are borrowed. Aborts if it cannot be started.
struct watcher *watcher_new(const int fds[], size_t n);
struct watcher *watcher_free(struct watcher *watcher);

// Forget what has come from all of them.
void watcher_forget(struct watcher *watcher);

// The time (CLOCK_MONOTONIC, microseconds) at which this text came from a pipe; what came with it
// or before is forgotten. Aborts after 120 s without.
int64_t watcher_wait(struct watcher *watcher, int fd, const char *text);

#endif
