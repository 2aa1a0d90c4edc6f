// SPDX-License-Identifier: MIT
#include "control/state_keeper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/file_writer.h"
#include "core/units.h"
#include "service/log.h"

struct state_keeper {
	struct file_writer *writer;
	const char *directory;
	struct kept_state state;
	bool logged_failure;
};

static bool same(const struct kept_state *a, const struct kept_state *b)
{
	return !strcmp(a->profile, b->profile) && !strcmp(a->discovery, b->discovery) &&
		a->intensity_percent == b->intensity_percent &&
		!strcmp(a->last.profile, b->last.profile) && a->last.minutes == b->last.minutes &&
		a->last.holds == b->last.holds && a->last.completed == b->last.completed;
}

static void note_result(void *data, int r)
{
	struct state_keeper *keeper = data;

	if (r < 0 && !keeper->logged_failure)
		log_error("state: %s/%s cannot be written: %s", keeper->directory, STATE_FILE_NAME,
			strerror(-r));
	keeper->logged_failure = r < 0;
}

static void load(struct state_keeper *keeper)
{
	int r = state_file_load(keeper->directory, &keeper->state);

	if (r == -ENOENT)
		log_info("state: nothing is kept in %s yet", keeper->directory);
	else if (r == -EINVAL || r == -EFBIG)
		log_warning("state: %s/%s is broken (%s); it is ignored", keeper->directory,
			STATE_FILE_NAME, r == -EFBIG ? "too large" : "not what was written there");
	else if (r < 0)
		log_warning("state: %s/%s cannot be read: %s", keeper->directory, STATE_FILE_NAME,
			strerror(-r));
}

int state_keeper_new(sd_event *event, const char *directory, struct kept_state *ret_state,
	struct state_keeper **ret_keeper)
{
	struct state_keeper *keeper = calloc(1, sizeof(*keeper));
	const struct file_writer_port port = {
		.save = state_file_write,
		.done = note_result,
		.data = keeper,
	};
	int r;

	if (!keeper)
		return -ENOMEM;
	keeper->directory = directory;
	kept_state_default(&keeper->state);
	load(keeper);
	r = file_writer_new(event, directory, STATE_WRITE_US, &port, &keeper->writer);
	if (r < 0) {
		state_keeper_free(keeper);
		return r;
	}
	*ret_state = keeper->state;
	*ret_keeper = keeper;
	return 0;
}

struct state_keeper *state_keeper_free(struct state_keeper *keeper)
{
	if (!keeper)
		return NULL;
	file_writer_free(keeper->writer);
	free(keeper);
	return NULL;
}

void state_keeper_update(struct state_keeper *keeper, const struct kept_state *state)
{
	if (same(&keeper->state, state))
		return;
	keeper->state = *state;
	file_writer_put(keeper->writer, state_file_text(state));
}
