// SPDX-License-Identifier: MIT
#include "config/library.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/folder.h"
#include "config/text.h"

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
			"a profile (steps) or settings (broker)",
			text_is_blank(text) ? "is empty:" : "is");
	free(text);
	return kind;
}

static int compare_profiles(const void *a, const void *b)
{
	return strcmp(((const struct profile *)a)->name, ((const struct profile *)b)->name);
}

// Reads every file; what can be read is kept. The first -errno.
static int load_profiles(const char *dir, const struct atlas *atlas, struct problems *problems,
	struct library *library)
{
	__attribute__((cleanup(folder_clear))) struct folder folder = { 0 };
	int r;

	r = folder_list(dir, "sessions", problems, &folder);
	if (r < 0)
		return r;
	library->profiles = calloc(folder.n + 1, sizeof(*library->profiles));
	if (!library->profiles)
		return -ENOMEM;
	for (size_t i = 0; i < folder.n && r != -ENOMEM; i++) {
		int loaded = profile_load(folder.files[i], atlas, problems,
			&library->profiles[library->n_profiles]);

		if (loaded == 0)
			library->n_profiles++;
		else
			r = loaded;
	}
	qsort(library->profiles, library->n_profiles, sizeof(*library->profiles), compare_profiles);
	return r;
}

int library_load(const char *dir, const char *chair_file, struct problems *problems,
	struct library **ret_library)
{
	struct library *library = calloc(1, sizeof(*library));
	int chair, atlas, profiles;

	if (!library)
		return -ENOMEM;
	chair = chair_load(chair_file, problems, &library->chair);
	atlas = atlas_load(dir, problems, &library->atlas);
	profiles = load_profiles(dir, atlas == 0 ? &library->atlas : NULL, problems, library);
	if (chair == 0 && atlas == 0 && profiles == 0) {
		*ret_library = library;
		return 0;
	}
	library_free(library);
	return chair == -ENOMEM || atlas == -ENOMEM || profiles == -ENOMEM ? -ENOMEM : -EINVAL;
}

struct library *library_free(struct library *library)
{
	if (!library)
		return NULL;
	for (size_t i = 0; i < library->n_profiles; i++)
		profile_clear(&library->profiles[i]);
	free(library->profiles);
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
