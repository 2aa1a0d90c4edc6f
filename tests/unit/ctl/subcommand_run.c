// SPDX-License-Identifier: MIT
#include "subcommand_run.h"

#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

// A descriptor that is a file for a while.
struct redirection {
	FILE *file;
	int descriptor, saved;
};

static void redirect(struct redirection *redirection, int descriptor, const char *content)
{
	redirection->file = tmpfile();
	assert_non_null(redirection->file);
	fputs(content, redirection->file);
	rewind(redirection->file);
	redirection->descriptor = descriptor;
	redirection->saved = dup(descriptor);
	dup2(fileno(redirection->file), descriptor);
}

static void restore(struct redirection *redirection, char output[SUBCOMMAND_OUTPUT_SIZE])
{
	dup2(redirection->saved, redirection->descriptor);
	close(redirection->saved);
	rewind(redirection->file);
	if (output)
		output[fread(output, 1, SUBCOMMAND_OUTPUT_SIZE - 1, redirection->file)] = '\0';
	fclose(redirection->file);
}

int subcommand_run(const struct subcommand *subcommand, const char *const args[], const char *typed,
	struct subcommand_output *ret_output)
{
	struct redirection in, out, errors;
	char name[] = "chairctl", *argv[SUBCOMMAND_ARGS_MAX + 2] = { name };
	int argc = 1, r;

	for (; args[argc - 1]; argc++) {
		assert_true(argc <= SUBCOMMAND_ARGS_MAX);
		argv[argc] = (char *)args[argc - 1];
	}
	fflush(NULL);
	if (typed)
		redirect(&in, STDIN_FILENO, typed);
	redirect(&out, STDOUT_FILENO, "");
	redirect(&errors, STDERR_FILENO, "");
	optind = 0; // getopt begins anew
	r = subcommand->run(subcommand, argc, argv);
	fflush(NULL);
	restore(&errors, ret_output->errors);
	restore(&out, ret_output->out);
	if (typed)
		restore(&in, NULL);
	clearerr(stdin);
	return r;
}
