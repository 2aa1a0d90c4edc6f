// SPDX-License-Identifier: MIT
//
// Files of the dose ledger: one a day, "dose/2026-11-26.json" in the state directory.
//
//   {"version": 1, "day": "2026-11-26", "complete": true,
//    "rows": [{"person": "", "point": "rhomboid.left", "muscle": "rhomboids", "side": "left",
//              "pressed_s": 92.4, "impulse_n_s": 2310.0}]}
//
// Each is written as a whole (atomic_file.h). A file that is not what was written there, or is far
// in the future, is kept beside it as NAME.broken. DOSE_DAYS_MAX days are kept.
#ifndef CHAIRD_CONTROL_DOSE_FILE_H
#define CHAIRD_CONTROL_DOSE_FILE_H

#include <jansson.h>
#include <stdbool.h>

#include "core/ledger.h"

#define DOSE_FOLDER    "dose"
#define DOSE_VERSION   1
#define DOSE_DAYS_MAX  31
#define DOSE_BYTES_MAX (512 * 1024) // a larger file counts as broken

// The days that have a file, newest first; at most DOSE_DAYS_MAX. Their number, or -errno.
int dose_file_days(const char *state_dir, char ret_days[DOSE_DAYS_MAX][LEDGER_DAY_SIZE]);

// 0; -ENOENT; -EINVAL or -EFBIG if the file is broken; other -errno if it cannot be read.
// *ret_ledger is touched only on success.
int dose_file_load(const char *state_dir, const char *day, struct ledger *ret_ledger);

// Keep a broken file aside. 0 or -errno.
int dose_file_set_aside(const char *state_dir, const char *day);

// The text of a ledger's file, owned by the caller; NULL: out of memory.
char *dose_file_text(const struct ledger *ledger);

// Write that text into the file of its day, and remove the oldest. Waits for the disk. 0 or -errno.
int dose_file_write(const char *state_dir, const char *text);

#endif
