// SPDX-License-Identifier: MIT
#include "transitions.h"

#include <stdio.h>

void transitions_add(struct transitions *transitions, struct session_transition transition)
{
	transitions->seen[transition.from] |= UINT32_C(1) << transition.to;
	if (session_transition_reason(transition.from, transition.to))
		return;
	transitions->impossible++;
	fprintf(stderr, "impossible transition from %s to %s\n",
		session_phase_name(transition.from), session_phase_name(transition.to));
}

void transitions_merge(struct transitions *transitions, const struct transitions *more)
{
	transitions->impossible += more->impossible;
	for (size_t from = 0; from < SESSION_PHASE_COUNT; from++)
		transitions->seen[from] |= more->seen[from];
}

size_t transitions_missing(const struct transitions *transitions)
{
	size_t missing = 0;

	for (enum session_phase from = 0; from < SESSION_PHASE_COUNT; from++) {
		for (enum session_phase to = 0; to < SESSION_PHASE_COUNT; to++) {
			const char *reason = session_transition_reason(from, to);

			if (!reason || transitions->seen[from] >> to & 1)
				continue;
			missing++;
			fprintf(stderr, "never seen: from %s to %s (%s)\n",
				session_phase_name(from), session_phase_name(to), reason);
		}
	}
	return missing;
}
