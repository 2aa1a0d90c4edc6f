// SPDX-License-Identifier: MIT
//
// Process under test: start, read its output, signal it, wait for it.
//
// Every wait has a bound. The processes end with the test, however it ends.
#ifndef TESTS_SYSTEM_PROCESS_H
#define TESTS_SYSTEM_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process;

int64_t monotonic_us(void);

// argv[0] is looked up in PATH and /usr/sbin. env: "NAME=VALUE" strings to add, or NULL.
// Standard output and error are collected. Aborts the test run if it cannot be started.
struct process *process_start(const char *const argv[], const char *const env[]);
// Kills it if it still runs. Accepts NULL; returns NULL.
struct process *process_free(struct process *process);

pid_t process_pid(const struct process *process);
void process_signal(struct process *process, int signal);

// True once the output contains the text; false after timeout_ms or when it ends without.
bool process_logged(struct process *process, const char *text, int timeout_ms);
// The exit status as waitpid() has it, or -1 after timeout_ms.
int process_wait(struct process *process, int timeout_ms);
// Its output until now, or all of it after process_wait(); a copy that the caller frees.
char *process_output(struct process *process);

#endif
