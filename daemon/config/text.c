// SPDX-License-Identifier: MIT
#include "config/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/scanner.h"
#include "core/hash.h"

#define MARK "\xef\xbb\xbf" // U+FEFF in UTF-8

static void close_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

int text_unreadable(const char *file, int error, struct problems *problems)
{
	char longer[PATH_MAX];

	if (error == -ENOENT &&
		snprintf(longer, sizeof(longer), "%s.cfg", file) < (int)sizeof(longer) &&
		access(longer, F_OK) == 0)
		problems_add(problems, file, 0, "", "cannot be read: %s (there is %s)",
			strerror(-error), longer);
	else
		problems_add(problems, file, 0, "", "cannot be read: %s", strerror(-error));
	return error;
}

// Up to `size` bytes; how many, or -errno.
static ssize_t read_all(int fd, char *bytes, size_t size)
{
	size_t n = 0;

	while (n < size) {
		ssize_t got = read(fd, bytes + n, size - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		n += (size_t)got;
	}
	return (ssize_t)n;
}

// The name of an encoding that is not UTF-8, by the mark at its beginning or the NUL bytes that
// every Latin letter has there; NULL where it is none of these.
static const char *other_encoding(const char *text, size_t size)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *name;
	} beginnings[] = {
		{ "\xff\xfe\0\0", 4, "UTF-32" },
		{ "\0\0\xfe\xff", 4, "UTF-32" },
		{ "\xff\xfe", 2, "UTF-16" },
		{ "\xfe\xff", 2, "UTF-16" },
	};

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
		if (size >= beginnings[i].n && !memcmp(text, beginnings[i].bytes, beginnings[i].n))
			return beginnings[i].name;
	}
	if (size >= 4 && ((!text[0] && text[1] && !text[2]) || (text[0] && !text[1] && !text[3])))
		return size % 4 == 0 && !text[1] && !text[2] ? "UTF-32" : "UTF-16";
	return NULL;
}

// Nothing but bytes that may be UTF-8 without NUL.
static int check_encoding(const char *file, const char *text, size_t size,
	struct problems *problems)
{
	const char *encoding = other_encoding(text, size);
	const char *nul = memchr(text, '\0', size);
	int line = 1;

	if (encoding) {
		problems_add(problems, file, 0, "", "is %s: save it as UTF-8", encoding);
		return -EINVAL;
	}
	if (!nul)
		return 0;
	for (const char *at = text; at < nul; at++)
		line += *at == '\n';
	problems_add(problems, file, line, "", "has a NUL byte in it: it is not a text");
	return -EINVAL;
}

const char *text_skip_mark(const char *text)
{
	return strncmp(text, MARK, strlen(MARK)) ? text : text + strlen(MARK);
}

int text_read(const char *file, struct problems *problems, char **ret_text, size_t *ret_size)
{
	// Non-blocking: a pipe in the place of a file must not block.
	__attribute__((cleanup(close_fd))) int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	char *text;
	ssize_t n;
	int r;

	if (fd < 0 || fstat(fd, &status) < 0)
		return text_unreadable(file, -errno, problems);
	if (!S_ISREG(status.st_mode)) {
		problems_add(problems, file, 0, "", "is not a file");
		return -EINVAL;
	}
	if (status.st_size > TEXT_FILE_MAX) {
		problems_add(problems, file, 0, "", "is too big (at most %d bytes)", TEXT_FILE_MAX);
		return -EINVAL;
	}
	text = malloc((size_t)status.st_size + 1);
	if (!text)
		return -ENOMEM;
	n = read_all(fd, text, (size_t)status.st_size);
	r = n < 0 ? text_unreadable(file, (int)n, problems)
		  : check_encoding(file, text, (size_t)n, problems);
	if (r < 0) {
		free(text);
		return r;
	}
	text[n] = '\0';
	*ret_size = (size_t)(text + n - text_skip_mark(text));
	if (text != text_skip_mark(text))
		memmove(text, text_skip_mark(text), *ret_size + 1);
	*ret_text = text;
	return 0;
}

bool text_is_blank(const char *text)
{
	struct scanner scanner;

	scanner_start(&scanner, text);
	return scanner_next(&scanner) == TOKEN_END;
}

enum file_kind text_kind(const char *text)
{
	static const struct {
		const char *key;
		enum file_kind kind;
	} keys[] = {
		{ "actuators", FILE_CHAIR },
		{ "points", FILE_ATLAS },
		{ "pathways", FILE_PATHWAYS },
		{ "steps", FILE_PROFILE },
		{ "persons", FILE_PERSONS },
		{ "broker", FILE_SETTINGS },
		{ "chair_file", FILE_SETTINGS },
		{ "profiles_dir", FILE_SETTINGS },
		{ "persons_file", FILE_SETTINGS },
		{ "guard_socket", FILE_SETTINGS },
		{ "telemetry_hz", FILE_SETTINGS },
		{ "dose", FILE_SETTINGS },
		{ "host", FILE_SETTINGS }, // where no broker = { } is around it
		{ "url", FILE_SETTINGS },
		{ "mqtt", FILE_SETTINGS },
	};
	struct scanner scanner, key = { 0 };
	int depth = 0;
	char token;

	scanner_start(&scanner, text);
	while ((token = scanner_next(&scanner)) != TOKEN_END) {
		depth += strchr("{[(", token) ? 1 : strchr("}])", token) ? -1 : 0;
		for (size_t i = 0; token == '=' && depth == 0 && i < sizeof(keys) / sizeof(keys[0]);
			i++) {
			if (scanner_is(&key, keys[i].key))
				return keys[i].kind;
		}
		if (token == TOKEN_WORD)
			key = scanner;
	}
	return FILE_UNKNOWN;
}

uint64_t text_hash(const char *text, size_t size)
{
	return hash_text(text, size);
}
