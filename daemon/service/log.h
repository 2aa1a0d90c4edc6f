// SPDX-License-Identifier: MIT
//
// Log of a program: journal entries with fields under systemd, plain lines on stderr otherwise.
//
// Logging never blocks: if the journal, or the reader of stderr, does not accept a message at once,
// it is lost and counted, and the count is logged before the next accepted message. A program that
// presses a person must not stop because its log does.
//
// An error is logged once, by the function that handles it. Safe from any thread, but not from the
// real-time loop: it makes system calls of unbounded duration. daemon/service/ has the interfaces
// to the operating system that both daemons share; no other folder uses the journal or sd_notify.
#ifndef CHAIRD_SERVICE_LOG_H
#define CHAIRD_SERVICE_LOG_H

#include <syslog.h> // LOG_ERR ... LOG_DEBUG

// Set the program's name and the least important level that is logged, and find out where stderr
// leads.
void log_open(const char *program, int max_level);

void log_message(int level, const char *format, ...) __attribute__((format(printf, 2, 3)));

// log_error() as a callback. data is not used.
void log_error_text(void *data, const char *text);

// Log with fields for the journal: "CHAIRD_PHASE=hold", ..., NULL. stderr gets only the text.
void log_fields(int level, const char *text, const char *const fields[]);

#define log_error(...)   log_message(LOG_ERR, __VA_ARGS__)
#define log_warning(...) log_message(LOG_WARNING, __VA_ARGS__)
#define log_info(...)    log_message(LOG_INFO, __VA_ARGS__)
#define log_debug(...)   log_message(LOG_DEBUG, __VA_ARGS__)

#endif
