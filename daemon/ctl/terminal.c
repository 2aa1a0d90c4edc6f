// SPDX-License-Identifier: MIT
#include "ctl/terminal.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct terminal terminal_detect(FILE *stream)
{
	const char *no_color = getenv("NO_COLOR"); // https://no-color.org: set and not empty
	const char *term = getenv("TERM");
	struct terminal terminal = { .columns = 80 };
	struct winsize size;

	terminal.live = isatty(fileno(stream)) && term && strcmp(term, "dumb") != 0;
	terminal.color = terminal.live && !(no_color && *no_color);
	terminal.utf8 = terminal.live && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	if (terminal.live && ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		terminal.columns = size.ws_col;
	return terminal;
}

const char *terminal_good(const struct terminal *terminal)
{
	return terminal->color ? "\033[32m" : "";
}

const char *terminal_bad(const struct terminal *terminal)
{
	return terminal->color ? "\033[1;31m" : "";
}

const char *terminal_plain(const struct terminal *terminal)
{
	return terminal->color ? "\033[0m" : "";
}

void terminal_print(FILE *stream, const char *text)
{
	for (; *text; text++)
		fputc((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text, stream);
}

void terminal_error(const char *code, const char *hint, const char *format, ...)
{
	struct terminal terminal = terminal_detect(stderr);
	char message[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	fprintf(stderr, "chairctl: %s", terminal_bad(&terminal));
	terminal_print(stderr, code);
	fprintf(stderr, "%s: ", terminal_plain(&terminal));
	terminal_print(stderr, message);
	if (hint && *hint) {
		fputs("\n  hint: ", stderr);
		terminal_print(stderr, hint);
	}
	fputc('\n', stderr);
}
