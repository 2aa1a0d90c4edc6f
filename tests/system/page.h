// SPDX-License-Identifier: MIT
//
// Examples of a man page: commands in its literal blocks, and what the page shows that they print.
//
//   ```
//   $ COMMAND
//   output
//   ```
#ifndef TESTS_SYSTEM_PAGE_H
#define TESTS_SYSTEM_PAGE_H

#include <stddef.h>

struct example {
	int line;
	char *command; // for a shell; a backslash at the end of a line continues it
	char *output;  // its lines; "": none
};

// All of a page in scdoc; fails the test if a literal block does not begin with a command. NULL
// ends the array.
struct example **page_examples(const char *file);
void page_examples_free(struct example **examples);

#endif
