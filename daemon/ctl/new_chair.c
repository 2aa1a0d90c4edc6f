// SPDX-License-Identifier: MIT
#include "ctl/new_chair.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config/library.h"
#include "ctl/options.h"
#include "ctl/questions.h"

void new_chair_init(struct new_chair *wizard, bool moving)
{
	*wizard = (struct new_chair){ .moving = moving };
	wizard->chair.estop = wizard->chair.seat = wizard->chair.reset = wizard->chair.enable = -1;
}

void new_chair_clear(struct new_chair *wizard)
{
	for (size_t i = 0; i < CHAIR_ACTUATORS_MAX; i++) {
		free(wizard->actuators[i]);
		free(wizard->reaches[i]);
	}
	for (size_t i = 0; i < CHAIR_BUTTONS_MAX; i++)
		free(wizard->buttons[i]);
}

// --- the file ---------------------------------------------------------------------------------

static void put_input(const struct new_chair *wizard, const char *key, int line,
	const char *comment, FILE *file)
{
	if (line < 0)
		return;
	fprintf(file, "  %-5s = ", key);
	new_chair_put_line(file, &wizard->chair.lines[line], "");
	fprintf(file, ";  # %s\n", comment);
}

static void put_head(const struct new_chair *wizard, FILE *file)
{
	const struct chair *chair = &wizard->chair;

	fprintf(file,
		"# Made by chairctl new-chair. man chair.cfg explains every key.\n"
		"id = \"%s\";\nmodel = \"%s\";\ncurrent_max_ma = %d;  # of all actuators "
		"together\n\n"
		"inputs = {\n",
		chair->id, chair->model, chair->current_max_ma);
	put_input(wizard, "estop", chair->estop, "normally closed: closed is not pressed", file);
	put_input(wizard, "seat", chair->seat, "closed while somebody sits", file);
	put_input(wizard, "reset", chair->reset, "a push button", file);
	fputs("};\n", file);
	if (chair->enable < 0) {
		fputs("# Without a charge pump's relay a computer that freezes keeps its motors "
		      "running.\nacknowledged = [ \"no-charge-pump\" ];\n",
			file);
		return;
	}
	fputs("enable = ", file);
	new_chair_put_line(file, &chair->lines[chair->enable], " hz = 50;");
	fputs(";  # the charge pump that holds the motors' relay\n", file);
}

void new_chair_write(const struct new_chair *wizard, FILE *file)
{
	size_t n = wizard->chair.n_actuators;
	bool reaches = false;

	put_head(wizard, file);
	fputs("\nactuators = (\n", file);
	for (size_t i = 0; i < n; i++) {
		fprintf(file, "%s%s\n", wizard->actuators[i], i + 1 < n ? "," : "");
		reaches |= *wizard->reaches[i];
	}
	fputs(");\n", file);
	if (wizard->buttons[0])
		fputs("\n# In the person's reach.\nbuttons = (\n", file);
	for (size_t i = 0; i < CHAIR_BUTTONS_MAX && wizard->buttons[i]; i++)
		fprintf(file, "  %s%s\n", wizard->buttons[i],
			i + 1 < CHAIR_BUTTONS_MAX && wizard->buttons[i + 1] ? "," : "");
	if (wizard->buttons[0])
		fputs(");\n", file);
	if (!reaches)
		return;
	fputs("\n# Along the spine 0 is the vertebra C7 and 1 the sacrum; along a limb, its ends.\n"
	      "reach = (\n",
		file);
	for (size_t i = 0, last = n; i < n; i++) {
		size_t length = strlen(wizard->reaches[i]);

		for (last = i + 1; last < n && !*wizard->reaches[last];)
			last++;
		// A list has no comma after its last element.
		if (length && last == n)
			fprintf(file, "%.*s\n", (int)length - 2, wizard->reaches[i]);
		else
			fputs(wizard->reaches[i], file);
	}
	fputs(");\n", file);
}

bool new_chair_check(const struct new_chair *wizard)
{
	struct problems problems = { 0 };
	struct chair chair;
	char path[40];
	int fd = memfd_create("chair", MFD_CLOEXEC), r = -errno;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (file) {
		new_chair_write(wizard, file);
		fflush(file);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		r = chair_load(path, &problems, &chair);
	}
	for (size_t i = 0; i < problems.n; i++)
		printf("  %s: %s\n", problems.list[i].path, problems.list[i].text);
	problems_clear(&problems);
	if (file)
		fclose(file);
	else if (fd >= 0)
		close(fd);
	return r == 0;
}

// --- the questions ----------------------------------------------------------------------------

static bool ask_word(const char *question, const char *allowed, const char *refused, char *ret_word,
	size_t size)
{
	for (;;) {
		if (!ask_text(question, ret_word, size))
			return false;
		if (*ret_word &&
			(allowed ? !ret_word[strspn(ret_word, allowed)]
				 : !strpbrk(ret_word, "\"\\")))
			return true;
		printf("  %s\n", refused);
	}
}

static bool ask_chair(struct new_chair *wizard)
{
	static const struct {
		const char *question;
		enum line_role role;
		bool required;
		size_t place;
	} lines[] = {
		{ "Emergency stop's second contact, line (GPIO17, or mcp23017:3): ", ROLE_ESTOP,
			true, offsetof(struct chair, estop) },
		{ "Seat contact, closed while somebody sits, line: ", ROLE_SEAT, true,
			offsetof(struct chair, seat) },
		{ "Reset button, line (nothing: none): ", ROLE_RESET, false,
			offsetof(struct chair, reset) },
		{ "Charge pump of the motors' relay, line (nothing: none): ", ROLE_ENABLE, false,
			offsetof(struct chair, enable) },
	};
	const struct number_question supply = { "Current of the motors' supply", "mA", 100, 50000,
		NAN };
	struct chair *chair = &wizard->chair;
	double current_ma = NAN;

	if (!ask_word("Id of the chair, for its topics: ", "abcdefghijklmnopqrstuvwxyz0123456789_-",
		    "only a-z 0-9 _ -", chair->id, sizeof(chair->id)) ||
		!ask_word("Its name for people: ", NULL, "without \" and \\", chair->model,
			sizeof(chair->model)) ||
		!ask_number(&supply, &current_ma))
		return false;
	chair->current_max_ma = (int)current_ma;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (new_chair_ask_line(wizard, lines[i].question, lines[i].required, lines[i].role,
			    -1, (int *)((char *)chair + lines[i].place)) == NEW_CHAIR_END)
			return false;
	}
	return true;
}

static enum new_chair_answer ask_button(struct new_chair *wizard, size_t index)
{
	struct chair *chair = &wizard->chair;
	char does[BUTTON_TEXT_SIZE], more[BUTTON_TEXT_SIZE + 20];
	enum new_chair_answer answer;
	size_t size;
	FILE *file;
	int line;

	answer = new_chair_ask_line(wizard,
		"\nButton in the person's reach, to ground, line (nothing: no more): ", false,
		ROLE_BUTTON, -1, &line);
	if (answer != NEW_CHAIR_ADDED)
		return answer;
	if (!ask_word("  does (stop, pause, resume, less, eased, more, skip, start PROFILE, "
		      "recline NAME + or -): ",
		    NULL, "one of them", does, sizeof(does)))
		return NEW_CHAIR_END;
	file = open_memstream(&wizard->buttons[index], &size);
	if (!file)
		return NEW_CHAIR_END;
	chair->lines[line].active_low = strcmp(does, "stop") != 0; // that one normally closed
	snprintf(more, sizeof(more), " does = \"%s\";", does);
	new_chair_put_line(file, &chair->lines[line], more);
	fclose(file);
	if (new_chair_check(wizard))
		return NEW_CHAIR_ADDED;
	printf("  that cannot be: this button is forgotten\n");
	free(wizard->buttons[index]);
	wizard->buttons[index] = NULL;
	chair->n_lines--;
	return NEW_CHAIR_ADDED;
}

static bool ask_buttons(struct new_chair *wizard)
{
	enum new_chair_answer answer = NEW_CHAIR_ADDED;
	size_t n = 0;

	printf("\nButtons: the stop button first, normally closed; the others close when "
	       "pressed.\n");
	while (answer == NEW_CHAIR_ADDED && n < CHAIR_BUTTONS_MAX) {
		answer = ask_button(wizard, n);
		n += wizard->buttons[n] != NULL;
	}
	return answer != NEW_CHAIR_END;
}

bool new_chair_ask(struct new_chair *wizard)
{
	enum new_chair_answer answer;

	if (!ask_chair(wizard))
		return false;
	do {
		answer = new_chair_ask_actuator(wizard);
		if (answer == NEW_CHAIR_NOTHING && !wizard->chair.n_actuators)
			printf("  a chair needs one actuator at least\n");
	} while (answer == NEW_CHAIR_ADDED ||
		(answer == NEW_CHAIR_NOTHING && !wizard->chair.n_actuators));
	return answer != NEW_CHAIR_END && ask_buttons(wizard);
}
