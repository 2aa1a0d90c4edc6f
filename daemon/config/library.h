// SPDX-License-Identifier: MIT
//
// The library: chair, atlas, pathways and profiles, loaded from files. Chair, atlas and pathways
// are one whole; a profile with errors, or one that is not proved on the chair, is left out, and
// listed with them. A profile none of whose points the chair reaches is for another chair: it is no
// error of the library, and its start is refused.
//
// Each loader collects every problem of every file. It returns 0, or -EINVAL with problems added
// and *ret untouched, or -ENOMEM. Loaded things are owned by the library and freed with it.
// The cleanup idiom of daemon/config/, control/ and ctl/ is the cleanup attribute.
#ifndef CHAIRD_CONFIG_LIBRARY_H
#define CHAIRD_CONFIG_LIBRARY_H

#include <stddef.h>

#include "config/problems.h"
#include "core/atlas.h"
#include "core/chair.h"
#include "core/person.h"
#include "core/plan.h"
#include "core/plan_proof.h"
#include "core/profile.h"

// A file of sessions/ that is no profile.
struct unusable_profile {
	char name[NAME_SIZE];   // the file's without .cfg, perhaps cut: any printable UTF-8
	char title[TITLE_SIZE]; // "" if the file could not be read
	char *file;
	struct problems problems; // at least one; no advice
};

struct library {
	struct chair chair;
	struct atlas atlas;
	struct profile *profiles; // sorted by name
	size_t n_profiles;
	struct unusable_profile *unusable; // in the order of their files
	size_t n_unusable;
	struct persons persons; // none but after library_load_all()
};

// dir holds atlas/*.cfg, pathways/*.cfg and sessions/*.cfg; chair_file is one chair, or NULL: then
// the chair is all zero.
int library_load(const char *dir, const char *chair_file, struct problems *problems,
	struct library **ret_library);
// The same with the profiles that are stored in state_dir/LIBRARY_STORED, if there is such a
// folder: one replaces the one of sessions/ with the same name, also if it has errors.
int library_load_stored(const char *dir, const char *state_dir, const char *chair_file,
	struct problems *problems, struct library **ret_library);
#define LIBRARY_STORED "profiles"
// The same with the people of persons_file, too; the usual one may be absent.
struct settings;
int library_load_all(const struct settings *settings, struct problems *problems,
	struct library **ret_library);

// Load one profile again, or for the first time, in place of the one of its name. 0 also if it has
// errors and is listed with them; -ENOMEM: it is no longer in the library.
int library_add(struct library *library, const char *file);

struct library *library_free(struct library *library);
const struct profile *library_profile(const struct library *library, const char *name); // or NULL
const struct unusable_profile *library_unusable(const struct library *library, const char *name);

// The problem of that index as one line, with the file's name alone. Cut between characters.
void unusable_profile_reason(const struct unusable_profile *unusable, size_t index, char *buf,
	size_t size);

// Each problem of the profiles that cannot be used as one line.
void library_report_unusable(const struct library *library,
	void (*report)(void *data, const char *line), void *data);

// Its parts, for `chairctl check` and the guard (which loads only the chair).
int chair_load(const char *file, struct problems *problems, struct chair *ret_chair);
int atlas_load(const char *dir, struct problems *problems, struct atlas *ret_atlas);
void atlas_clear(struct atlas *atlas);
int profile_load(const char *file, const struct atlas *atlas, struct problems *problems,
	struct profile *ret_profile);
// From memory, for MQTT's `check`; `name` stands for the file in problems.
int profile_parse(const char *name, const char *text, const struct atlas *atlas,
	struct problems *problems, struct profile *ret_profile);
void profile_clear(struct profile *profile);
// atlas: for the points that are closed.
int persons_load(const char *file, const struct atlas *atlas, struct problems *problems,
	struct persons *ret_persons);
// From memory; `name` stands for the file in problems.
int persons_parse(const char *name, const char *text, const struct atlas *atlas,
	struct problems *problems, struct persons *ret_persons);
void persons_clear(struct persons *persons);
// Plan and prove it (plan_proof.h). Adds every finding with its file and line, errors before
// advice. 0, or -EINVAL if there are errors; the plan must not be played then.
int profile_prove(const struct profile *profile, const struct atlas *atlas,
	const struct chair *chair, struct problems *problems, struct plan *ret_plan,
	struct plan_proof *ret_proof);
// The same for a person (person_prove()), with the reasons for which points are closed to them;
// NULL: nobody by name. Also -ENOMEM.
int profile_prove_for(const struct person *person, const struct profile *profile,
	const struct atlas *atlas, const struct chair *chair, struct problems *problems,
	struct plan *ret_plan, struct plan_proof *ret_proof);

// The kind of a file, by its top-level keys. FILE_UNKNOWN with the reason added.
enum file_kind {
	FILE_UNKNOWN,
	FILE_CHAIR,
	FILE_ATLAS,
	FILE_PATHWAYS,
	FILE_PROFILE,
	FILE_SETTINGS,
	FILE_PERSONS
};
enum file_kind file_kind(const char *file, struct problems *problems);

#endif
