// SPDX-License-Identifier: MIT
//
// Messages to people: journal fields under systemd, plain lines on stderr otherwise.
//
// Logging never waits: where the journal, or whoever reads stderr, does not take a message now, it
// is lost and counted, and the count goes before the next message that is taken. A program that
// holds a person must not stand still because a log does.
//
// One error is logged once, by the one who handles it. From any thread, but not for the real-time
// loop: it makes system calls that may take their time.
// daemon/service/ is what both daemons share with the operating system; it is the only place
// that knows the journal and sd_notify.
#ifndef CHAIRD_SERVICE_LOG_H
#define CHAIRD_SERVICE_LOG_H

#include <syslog.h> // LOG_ERR ... LOG_DEBUG

// The program's name and the least important level that is shown. Decides once where messages go.
void log_open(const char *program, int max_level);

void log_message(int level, const char *format, ...) __attribute__((format(printf, 2, 3)));

// log_error() as a callback. data is not used.
void log_error_text(void *data, const char *text);

// With fields for the journal: a list "CHAIRD_PHASE=hold", ..., NULL. On stderr only the text.
void log_fields(int level, const char *text, const char *const fields[]);

#define log_error(...)   log_message(LOG_ERR, __VA_ARGS__)
#define log_warning(...) log_message(LOG_WARNING, __VA_ARGS__)
#define log_info(...)    log_message(LOG_INFO, __VA_ARGS__)
#define log_debug(...)   log_message(LOG_DEBUG, __VA_ARGS__)

#endif
