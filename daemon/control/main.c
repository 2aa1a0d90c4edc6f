// SPDX-License-Identifier: MIT
//
// chaird: the controller of the chair.
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "config/library.h"
#include "config/settings.h"
#include "config/settings_rules.h"
#include "control/controller.h"
#include "control/options.h"
#include "core/plan_proof.h"
#include "service/log.h"
#include "service/notify.h"

#define auto_problems __attribute__((cleanup(problems_clear))) struct problems
#define auto_event    __attribute__((cleanup(sd_event_unrefp))) sd_event

// The command line on top of the file's settings. False, with problems added, if they cannot work.
static bool apply_options(const struct options *options, struct settings *settings,
	struct problems *problems)
{
	const struct setting_override overrides[] = {
		{ "--chair", "chair_file", options->chair, settings->chair_file },
		{ "--profiles", "profiles_dir", options->profiles, settings->profiles_dir },
		{ "--socket", "guard_socket", options->socket, settings->guard_socket },
		{ "--host", "host", options->host, settings->broker.host },
		{ "--prefix", "prefix", options->prefix, settings->broker.prefix },
	};

	return settings_override(settings, overrides, sizeof(overrides) / sizeof(overrides[0]),
		(int)options->port, problems);
}

static bool load_settings(const struct options *options, struct settings *ret_settings)
{
	auto_problems problems = { 0 };
	const char *file = options->config ? options->config : DEFAULT_CONFIG;
	int r = options->check ? settings_check(file, &problems, ret_settings)
			       : settings_load(file, &problems, ret_settings);

	if (r == -ENOENT && !options->config) {
		problems_clear(&problems); // the default file is optional, a named one is not
		r = 0;
	}
	if (!apply_options(options, ret_settings, &problems))
		r = -EINVAL;
	problems_report(&problems, log_error_text, NULL);
	return r == 0;
}

static struct library *load_library(const struct settings *settings)
{
	auto_problems problems = { 0 };
	struct library *library = NULL;
	int r = library_load_all(settings, &problems, &library);

	problems_report(&problems, log_error_text, NULL);
	if (r < 0 && !problems.n)
		log_error("the library cannot be loaded: %s", strerror(-r));
	if (r < 0)
		return NULL;
	library_report_unusable(library, log_error_text, NULL);
	return library;
}

// --check: print the duration of every profile on this chair, its unreachable points, or why it
// cannot be played.
static int check_plans(const struct library *library)
{
	struct plan *plan = malloc(sizeof(*plan));
	struct plan_proof proof;
	int result = plan ? EXIT_SUCCESS : EX_OSERR;

	for (size_t i = 0; plan && i < library->n_unusable; i++) {
		printf("%s: cannot be used\n", library->unusable[i].name);
		result = EX_CONFIG;
	}
	for (size_t i = 0; plan && i < library->n_profiles; i++) {
		const struct profile *profile = &library->profiles[i];

		if (plan_prove(profile, &library->atlas, &library->chair, plan, &proof) < 0) {
			printf("%s: chair %s reaches no point of it\n", profile->name,
				library->chair.id);
			continue;
		}
		printf("%s: %.1f minutes on %s\n", profile->name, plan->estimate_s / 60,
			library->chair.id);
		for (size_t j = 0; j < plan->n_unreachable; j++)
			printf("%s: cannot reach %s\n", profile->name,
				library->atlas.points[plan->unreachable[j]].name);
	}
	free(plan);
	return result;
}

static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static int run(const struct settings *settings, struct library *library)
{
	struct controller *controller;
	auto_event *event = NULL;
	int r;

	block_signals();
	r = sd_event_new(&event);
	if (r < 0)
		library_free(library);
	else
		r = controller_new(event, settings, library, &controller);
	if (r < 0) {
		log_error("cannot start: %s", strerror(-r));
		return EX_OSERR;
	}
	notify_ready("idle");
	r = sd_event_loop(event);
	controller_free(controller);
	if (r < 0)
		log_error("the loop has failed: %s", strerror(-r));
	return r < 0 ? EX_SOFTWARE : EXIT_SUCCESS;
}

int main(int argc, char *argv[])
{
	struct library *library;
	struct settings settings;
	struct options options;
	int result;

	mallopt(M_ARENA_MAX, 1); // the thread that connects needs no heap of its own
	result = options_parse(argc, argv, &options);
	if (result != 0)
		return result < 0 ? EX_USAGE : EXIT_SUCCESS;
	log_open("chaird", options.verbose ? LOG_DEBUG : LOG_INFO);
	settings_default(&settings);
	if (!load_settings(&options, &settings))
		return EX_CONFIG;
	library = load_library(&settings);
	if (!library)
		return EX_CONFIG;
	if (!options.check)
		return run(&settings, library);
	result = check_plans(library);
	library_free(library);
	return result;
}
