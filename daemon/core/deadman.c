// SPDX-License-Identifier: MIT
#include "core/deadman.h"

void deadman_init(struct deadman *deadman, int64_t now_us, int64_t grace_us)
{
	*deadman = (struct deadman){ .grace_us = grace_us,
		.broker_due_us = now_us + grace_us,
		.client_due_us = TIME_NEVER };
}

void deadman_broker(struct deadman *deadman, int64_t now_us, bool up)
{
	if (up)
		deadman->broker_due_us = TIME_NEVER;
	else if (deadman->broker_due_us == TIME_NEVER) // repeated: no new grace
		deadman->broker_due_us = now_us + deadman->grace_us;
}

void deadman_command(struct deadman *deadman, int64_t now_us, const struct command *command)
{
	bool begins = command->verb == COMMAND_START || command->verb == COMMAND_JOG ||
		command->verb == COMMAND_HOME;

	deadman->local = command->local || (deadman->local && !begins);
	switch (command->verb) {
	case COMMAND_START:
		deadman->lease_us = command->lease_us;
		break;
	case COMMAND_RENEW:
		break;
	case COMMAND_JOG:
		deadman->lease_us = command->heartbeat_us;
		break;
	case COMMAND_HOME:
		deadman->lease_us = 0;
		break;
	default:
		return;
	}
	deadman->client_due_us = deadman->lease_us ? now_us + deadman->lease_us : TIME_NEVER;
}

void deadman_step(struct deadman *deadman, int64_t now_us, struct session *session)
{
	deadman->broker_lost = now_us >= deadman->broker_due_us;
	session_broker_lost(session, deadman->broker_lost && !deadman->local);
	if (now_us < deadman->client_due_us)
		return;
	deadman->client_due_us = TIME_NEVER;
	session_client_lapsed(session);
}

int64_t deadman_next_us(const struct deadman *deadman)
{
	return min_i64(deadman->broker_lost ? TIME_NEVER : deadman->broker_due_us,
		deadman->client_due_us);
}
