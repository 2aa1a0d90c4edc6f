// SPDX-License-Identifier: MIT
#include "guard/halt.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"

#define SECONDS_MAX 1e9

void halt_init(struct halt *halt)
{
	*halt = (struct halt){
		.at_us = TIME_NEVER, .phase = SESSION_PHASE_COUNT, .answered = true
	};
}

static bool seconds_parse(const char *text, int64_t *ret_us)
{
	char fault[NUMBER_FAULT_SIZE];
	double seconds = strtod(text, NULL);

	if (!number_check_form(text, strlen(text), fault) ||
		!(seconds >= 0 && seconds <= SECONDS_MAX))
		return false;
	*ret_us = llround(seconds * (double)US_PER_S);
	return true;
}

static bool phase_parse(const char *name, enum session_phase *ret_phase)
{
	for (enum session_phase phase = 0; phase < SESSION_PHASE_COUNT; phase++) {
		if (!strcmp(name, session_phase_name(phase))) {
			*ret_phase = phase;
			return true;
		}
	}
	return false;
}

bool halt_parse(struct halt *halt, int64_t now_us, const char *text, const char **ret_why)
{
	const char *rest = text + strlen("halt");
	struct halt parsed = *halt;

	*ret_why = NULL;
	if (strcmp(text, "go") && strncmp(text, "halt", strlen("halt")))
		return false;
	halt_init(&parsed);
	parsed.now = halt->now;
	parsed.answered = false;
	if (!strcmp(text, "go")) {
		parsed.answered = true;
	} else if (!*rest) {
		parsed.at_us = now_us;
	} else if (*rest == '@' && seconds_parse(rest + 1, &parsed.at_us)) {
		parsed.at_us = parsed.at_us < now_us ? now_us : parsed.at_us;
	} else if (*rest == '+' && seconds_parse(rest + 1, &parsed.at_us)) {
		parsed.at_us += now_us;
	} else if (*rest != ':' || !phase_parse(rest + 1, &parsed.phase)) {
		*ret_why = "commands of the clock are go, halt, halt@S, halt+S and halt:PHASE";
		return true;
	}
	*halt = parsed;
	return true;
}

void halt_phase_changed(struct halt *halt, int64_t now_us, enum session_phase phase)
{
	if (phase != halt->now && phase == halt->phase)
		halt->at_us = now_us;
	halt->now = phase;
}
