// SPDX-License-Identifier: MIT
//
// A session at the terminal in which a profile is tuned on the chair: what each key does.
#ifndef CHAIRD_CTL_TUNE_SESSION_H
#define CHAIRD_CTL_TUNE_SESSION_H

#include "ctl/tune_chair.h"
#include "ctl/tune_file.h"
#include "ctl/tuning.h"

// Until the user quits, the terminal is gone, or a signal ends it (interrupt.h). An exit code,
// after printing what is to be known. Borrows all; a trial that is under way at the end is the
// caller's to stop.
int tune_session_run(struct tuning *tuning, struct tune_chair *chair, struct tune_file *file);

#endif
