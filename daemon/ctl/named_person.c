// SPDX-License-Identifier: MIT
#include "ctl/named_person.h"

#include <errno.h>

#include "config/library.h"

static int unknown(const char *name, const char *file, const struct persons *persons,
	struct problems *problems)
{
	struct suggestion meant;

	suggestion_start(&meant, name);
	for (size_t i = 0; i < persons->n; i++)
		suggestion_consider(&meant, persons->list[i].name);
	if (*meant.best)
		problems_add(problems, file, 0, "",
			"has nobody called \"%s\" (did you mean \"%s\"?)", name, meant.best);
	else
		problems_add(problems, file, 0, "",
			"has nobody called \"%s\" (chairctl person add writes a person into it)",
			name);
	return -EINVAL;
}

int named_person_load(const struct options *options, const struct atlas *atlas,
	struct persons *ret_persons, const struct person **ret_person, struct problems *problems)
{
	const char *file = options->settings.persons_file;
	int r;

	*ret_persons = (struct persons){ 0 };
	*ret_person = NULL;
	if (!options->person)
		return 0;
	r = persons_load(file, atlas, problems, ret_persons);
	if (r < 0)
		return r;
	*ret_person = persons_find(ret_persons, options->person);
	if (*ret_person)
		return 0;
	r = unknown(options->person, file, ret_persons, problems);
	persons_clear(ret_persons);
	return r;
}
