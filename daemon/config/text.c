// SPDX-License-Identifier: MIT
#include "config/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/hash.h"

static void close_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static int complain(struct problems *problems, const char *file, int error)
{
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

int text_read(const char *file, struct problems *problems, char **ret_text, size_t *ret_size)
{
	// Non-blocking: a pipe in the place of a file must not block.
	__attribute__((cleanup(close_fd))) int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	char *text;
	ssize_t n;

	if (fd < 0 || fstat(fd, &status) < 0)
		return complain(problems, file, -errno);
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
	if (n < 0 || memchr(text, '\0', (size_t)n)) {
		free(text);
		if (n < 0)
			return complain(problems, file, (int)n);
		problems_add(problems, file, 0, "", "has a NUL byte in it: not a text");
		return -EINVAL;
	}
	text[n] = '\0';
	*ret_text = text;
	*ret_size = (size_t)n;
	return 0;
}

struct scanner {
	const char *at;
	int line;
	const char *word; // the last word
	size_t word_length;
};

#define TOKEN_END      '\0'
#define TOKEN_WORD     'w' // a name, a number, true, false
#define TOKEN_STRING   '"'
#define TOKEN_UNENDING '!' // a string without its end

// The position after the string; NULL if it has no end.
static const char *skip_string(struct scanner *scanner, const char *at)
{
	for (at++; *at && *at != '"'; at++) {
		if (*at == '\\' && at[1])
			at++;
		scanner->line += *at == '\n';
	}
	return *at ? at + 1 : NULL;
}

static const char *skip_comment(struct scanner *scanner, const char *at)
{
	if (*at == '#' || at[1] == '/')
		return at + strcspn(at, "\n");
	for (at += 2; *at && !(at[0] == '*' && at[1] == '/'); at++)
		scanner->line += *at == '\n';
	return *at ? at + 2 : at;
}

// A token above, or one of "{}[]()=,;" (libconfig takes ':' for '=').
static char scanner_next(struct scanner *scanner)
{
	static const bool in_word[256] = {
		['A' ... 'Z'] = true,
		['a' ... 'z'] = true,
		['0' ... '9'] = true,
		['-'] = true,
		['_'] = true,
		['*'] = true,
		['.'] = true,
		['+'] = true,
	};

	while (*scanner->at) {
		const char *at = scanner->at;
		size_t length = 0;

		while (in_word[(unsigned char)at[length]])
			length++;
		if (length) {
			scanner->word = at;
			scanner->word_length = length;
			scanner->at += length;
			return TOKEN_WORD;
		}
		if (*at == '"') {
			scanner->at = skip_string(scanner, at);
			return scanner->at ? TOKEN_STRING : TOKEN_UNENDING;
		}
		if (*at == '#' || (*at == '/' && (at[1] == '/' || at[1] == '*'))) {
			scanner->at = skip_comment(scanner, at);
			continue;
		}
		scanner->at++;
		scanner->line += *at == '\n';
		if (*at > ' ' && strchr("{}[]()=:,;", *at))
			return *at == ':' ? '=' : *at;
	}
	return TOKEN_END;
}

static int line_of(const char *text, const char *at)
{
	int line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

static int refuse(struct problems *problems, const char *name, int line, const char *why)
{
	problems_add(problems, name, line, "", "%s", why);
	return -EINVAL;
}

#define STRINGIFY(x) #x
#define TEXT_OF(x)   STRINGIFY(x)

int text_check(const char *name, const char *text, struct problems *problems)
{
	struct scanner scanner = { .at = text, .line = 1 };
	const char *include = strcasestr(text, "@include");
	char brackets[TEXT_DEPTH_MAX + 1] = "{", token, previous = ';';
	int keys[TEXT_DEPTH_MAX + 1] = { 0 };
	int depth = 0;

	if (include)
		return refuse(problems, name, line_of(text, include),
			"@include is not allowed: one file is one whole");
	for (; (token = scanner_next(&scanner)) != TOKEN_END; previous = token) {
		if (token == TOKEN_UNENDING)
			return refuse(problems, name, scanner.line, "a string does not end");
		if (token == TOKEN_STRING && !strchr("=([\"", previous) &&
			(previous != ',' || brackets[depth] == '{'))
			return refuse(problems, name, scanner.line, "no string may stand here");
		if (token == '=' && ++keys[depth] > TEXT_KEYS_MAX)
			return refuse(problems, name, scanner.line,
				"too many keys in one group (at most " TEXT_OF(TEXT_KEYS_MAX) ")");
		if (strchr("}])", token)) {
			depth -= depth > 0;
		} else if (strchr("{[(", token)) {
			if (depth == TEXT_DEPTH_MAX)
				return refuse(problems, name, scanner.line,
					"nested too deep (at most " TEXT_OF(TEXT_DEPTH_MAX) ")");
			brackets[++depth] = token;
			keys[depth] = 0;
		}
	}
	return 0;
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
		{ "broker", FILE_SETTINGS },
		{ "chair_file", FILE_SETTINGS },
		{ "profiles_dir", FILE_SETTINGS },
		{ "guard_socket", FILE_SETTINGS },
		{ "telemetry_hz", FILE_SETTINGS },
	};
	struct scanner scanner = { .at = text, .line = 1 };
	int depth = 0;
	char token;

	while ((token = scanner_next(&scanner)) != TOKEN_END && token != TOKEN_UNENDING) {
		depth += strchr("{[(", token) ? 1 : strchr("}])", token) ? -1 : 0;
		for (size_t i = 0; token == '=' && depth == 0 && i < sizeof(keys) / sizeof(keys[0]);
			i++) {
			if (scanner.word_length == strlen(keys[i].key) &&
				!memcmp(scanner.word, keys[i].key, scanner.word_length))
				return keys[i].kind;
		}
	}
	return FILE_UNKNOWN;
}

uint64_t text_hash(const char *text, size_t size)
{
	return hash_bytes(HASH_START, text, size);
}
