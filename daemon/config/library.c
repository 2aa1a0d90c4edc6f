// SPDX-License-Identifier: MIT
#include "config/library.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/folder.h"
#include "config/settings.h"
#include "config/text.h"
#include "config/utf8.h"

enum file_kind file_kind(const char *file, struct problems *problems)
{
	enum file_kind kind;
	char *text;
	size_t size;

	if (text_read(file, problems, &text, &size) < 0)
		return FILE_UNKNOWN;
	kind = text_kind(text);
	if (kind == FILE_UNKNOWN && text_check(file, text, problems) == 0)
		problems_add(problems, file, 0, "",
			"%s not a chair (actuators), an atlas (points), pathways (pathways), "
			"a profile (steps), people (persons) or settings (broker)",
			text_is_blank(text) ? "is empty:" : "is");
	free(text);
	return kind;
}

static int compare_profiles(const void *a, const void *b)
{
	return strcmp(((const struct profile *)a)->name, ((const struct profile *)b)->name);
}

// The file's name without folder and .cfg, printable, and cut between characters.
static void name_unusable(const char *file, char ret_name[NAME_SIZE])
{
	size_t stem, n = 0;
	const char *at = folder_stem(file, &stem), *end = at + stem;

	while (at < end) {
		size_t length = utf8_printable(at);
		const char *from = length ? at : "?";
		size_t size = length ? length : 1;

		if (n + size >= NAME_SIZE)
			break;
		memcpy(ret_name + n, from, size);
		n += size;
		at += size;
	}
	ret_name[n] = '\0';
}

// Takes the problems.
static int keep_unusable(struct library *library, const char *file, struct problems *problems)
{
	struct unusable_profile *unusable = &library->unusable[library->n_unusable];

	unusable->file = strdup(file);
	if (!unusable->file || !problems->n)
		return -ENOMEM; // a profile without errors is usable
	name_unusable(file, unusable->name);
	problems_move(&unusable->problems, problems);
	library->n_unusable++;
	return 0;
}

// Room to plan and prove one profile after the other; too large for a stack.
struct desk {
	struct plan plan;
	struct plan_proof proof;
};

// Whether the chair may play it, or reaches nothing of it.
static bool is_proved(const struct library *library, const struct profile *profile,
	struct problems *problems, struct desk *desk)
{
	if (plan_prove(profile, &library->atlas, &library->chair, &desk->plan, &desk->proof) == 0 ||
		plan_reaches_nothing(&desk->plan))
		return true; // advice is for `chairctl check`
	profile_prove(profile, &library->atlas, &library->chair, problems, &desk->plan,
		&desk->proof);
	return false;
}

// What a file has, before its proof.
struct candidate {
	bool loaded; // it has a profile
	struct profile profile;
	struct problems problems;
};

static void candidate_clear(struct candidate *candidate)
{
	profile_clear(&candidate->profile);
	problems_clear(&candidate->problems);
}

static int load_candidate(const char *file, const struct atlas *atlas,
	struct candidate *ret_candidate)
{
	int r = profile_load(file, atlas, &ret_candidate->problems, &ret_candidate->profile);

	ret_candidate->loaded = r == 0;
	return r == -ENOMEM ? r : 0;
}

// Takes the profile or the problems. desk NULL: without a proof, as there is no chair or no atlas.
static int admit(struct library *library, const char *file, struct candidate *candidate,
	struct desk *desk)
{
	struct profile *profile = &candidate->profile;

	if (candidate->loaded &&
		(!desk || is_proved(library, profile, &candidate->problems, desk))) {
		library->profiles[library->n_profiles++] = *profile;
		*profile = (struct profile){ 0 };
		return 0;
	}
	if (candidate->loaded) {
		strcpy(library->unusable[library->n_unusable].title, profile->title);
		problems_drop_advice(&candidate->problems);
	}
	return keep_unusable(library, file, &candidate->problems);
}

// First all are loaded, then all are proved: for each file in turn would take longer.
static int admit_all(struct library *library, const struct folder *folder,
	const struct atlas *atlas, struct desk *desk)
{
	struct candidate *candidates = calloc(folder->n + 1, sizeof(*candidates));
	int r = candidates ? 0 : -ENOMEM;

	for (size_t i = 0; i < folder->n && r == 0; i++)
		r = load_candidate(folder->files[i], atlas, &candidates[i]);
	for (size_t i = 0; i < folder->n && r == 0; i++)
		r = admit(library, folder->files[i], &candidates[i], desk);
	for (size_t i = 0; i < folder->n && candidates; i++)
		candidate_clear(&candidates[i]);
	free(candidates);
	return r;
}

// The files of sessions/, and in place of those of the same name, the stored ones.
static int list_profiles(const char *dir, const char *state_dir, struct problems *problems,
	struct folder *ret_folder)
{
	__attribute__((cleanup(folder_clear))) struct folder stored = { 0 };
	char path[PATH_MAX];
	int r = folder_list(dir, "sessions", problems, ret_folder);

	if (r < 0 || !state_dir)
		return r;
	snprintf(path, sizeof(path), "%s/" LIBRARY_STORED, state_dir);
	if (access(path, F_OK) < 0)
		return 0; // nothing has been stored yet
	r = folder_list(state_dir, LIBRARY_STORED, problems, &stored);
	return r < 0 ? r : folder_overlay(ret_folder, &stored);
}

// The folder itself must be valid; a file that is not a profile is kept apart.
static int load_profiles(const char *dir, const char *state_dir, const struct atlas *atlas,
	bool prove, struct problems *problems, struct library *library)
{
	__attribute__((cleanup(folder_clear))) struct folder folder = { 0 };
	struct desk *desk = NULL;
	int r;

	r = list_profiles(dir, state_dir, problems, &folder);
	if (r < 0)
		return r;
	library->profiles = calloc(folder.n + 1, sizeof(*library->profiles));
	library->unusable = calloc(folder.n + 1, sizeof(*library->unusable));
	if (prove)
		desk = malloc(sizeof(*desk));
	if (!library->profiles || !library->unusable || (prove && !desk))
		r = -ENOMEM;
	if (r == 0)
		r = admit_all(library, &folder, atlas, desk);
	free(desk);
	qsort(library->profiles, library->n_profiles, sizeof(*library->profiles), compare_profiles);
	return r;
}

int library_load_stored(const char *dir, const char *state_dir, const char *chair_file,
	struct problems *problems, struct library **ret_library)
{
	struct library *library = calloc(1, sizeof(*library));
	int chair, atlas, profiles;

	if (!library)
		return -ENOMEM;
	chair = chair_file ? chair_load(chair_file, problems, &library->chair) : 0;
	atlas = atlas_load(dir, problems, &library->atlas);
	profiles = load_profiles(dir, state_dir, atlas == 0 ? &library->atlas : NULL,
		chair_file && chair == 0 && atlas == 0, problems, library);
	if (chair == 0 && atlas == 0 && profiles == 0) {
		*ret_library = library;
		return 0;
	}
	for (size_t i = 0; i < library->n_unusable; i++)
		problems_move(problems, &library->unusable[i].problems);
	library_free(library);
	return chair == -ENOMEM || atlas == -ENOMEM || profiles == -ENOMEM ? -ENOMEM : -EINVAL;
}

int library_load(const char *dir, const char *chair_file, struct problems *problems,
	struct library **ret_library)
{
	return library_load_stored(dir, NULL, chair_file, problems, ret_library);
}

static int load_persons(const struct settings *settings, struct problems *problems,
	struct library *library)
{
	__attribute__((cleanup(problems_clear))) struct problems found = { 0 };
	const char *file = settings->persons_file;
	int r = persons_load(file, &library->atlas, &found, &library->persons);

	if (r == -ENOENT && !strcmp(file, SETTINGS_PERSONS_FILE))
		return 0;
	problems_move(problems, &found);
	return r == -ENOENT ? -EINVAL : r;
}

int library_load_all(const struct settings *settings, struct problems *problems,
	struct library **ret_library)
{
	struct library *library;
	int r = library_load_stored(settings->profiles_dir, settings->state_dir,
		settings->chair_file, problems, &library);

	if (r < 0)
		return r;
	r = load_persons(settings, problems, library);
	if (r < 0)
		library_free(library);
	else
		*ret_library = library;
	return r;
}

struct library *library_free(struct library *library)
{
	if (!library)
		return NULL;
	for (size_t i = 0; i < library->n_profiles; i++)
		profile_clear(&library->profiles[i]);
	free(library->profiles);
	for (size_t i = 0; i < library->n_unusable; i++) {
		problems_clear(&library->unusable[i].problems);
		free(library->unusable[i].file);
	}
	free(library->unusable);
	persons_clear(&library->persons);
	atlas_clear(&library->atlas);
	free(library);
	return NULL;
}

static int compare_name(const void *name, const void *profile)
{
	return strcmp(name, ((const struct profile *)profile)->name);
}

const struct profile *library_profile(const struct library *library, const char *name)
{
	return bsearch(name, library->profiles, library->n_profiles, sizeof(*library->profiles),
		compare_name);
}

const struct unusable_profile *library_unusable(const struct library *library, const char *name)
{
	for (size_t i = 0; i < library->n_unusable; i++) {
		if (!strcmp(library->unusable[i].name, name))
			return &library->unusable[i];
	}
	return NULL;
}

// Without a profile or an unusable one of this name.
static void drop_profile(struct library *library, const char *name)
{
	struct profile *profile = (struct profile *)library_profile(library, name);
	struct unusable_profile *unusable = (struct unusable_profile *)library_unusable(library,
		name);

	if (profile) {
		profile_clear(profile);
		memmove(profile, profile + 1,
			(size_t)(library->profiles + --library->n_profiles - profile) *
				sizeof(*profile));
	}
	if (unusable) {
		problems_clear(&unusable->problems);
		free(unusable->file);
		memmove(unusable, unusable + 1,
			(size_t)(library->unusable + --library->n_unusable - unusable) *
				sizeof(*unusable));
	}
}

static bool make_room(struct library *library)
{
	struct profile *profiles = reallocarray(library->profiles, library->n_profiles + 1,
		sizeof(*profiles));
	struct unusable_profile *unusable;

	if (!profiles)
		return false;
	library->profiles = profiles;
	unusable = reallocarray(library->unusable, library->n_unusable + 1, sizeof(*unusable));
	if (!unusable)
		return false;
	library->unusable = unusable;
	unusable[library->n_unusable] = (struct unusable_profile){ 0 };
	return true;
}

int library_add(struct library *library, const char *file)
{
	__attribute__((cleanup(candidate_clear))) struct candidate candidate = { 0 };
	struct desk *desk = malloc(sizeof(*desk));
	char name[NAME_SIZE];
	int r = -ENOMEM;

	name_unusable(file, name);
	drop_profile(library, name);
	if (desk && make_room(library))
		r = load_candidate(file, &library->atlas, &candidate);
	if (r == 0)
		r = admit(library, file, &candidate, desk);
	free(desk);
	qsort(library->profiles, library->n_profiles, sizeof(*library->profiles), compare_profiles);
	return r;
}

void unusable_profile_reason(const struct unusable_profile *unusable, size_t index, char *buf,
	size_t size)
{
	problem_format_short(&unusable->problems.list[index], buf, size);
}

void library_report_unusable(const struct library *library,
	void (*report)(void *data, const char *line), void *data)
{
	for (size_t i = 0; i < library->n_unusable; i++)
		problems_report(&library->unusable[i].problems, report, data);
}
