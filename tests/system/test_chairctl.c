// SPDX-License-Identifier: MIT
//
// The requests of chairctl against a real chair: its output, its exit code, and their effect.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "ctl/terminal.h"
#include "rig.h"

// The exit code; *ret_output is for the caller to free.
static int chairctl(const struct rig *rig, const char *subcommand, const char *operand,
	char **ret_output)
{
	const char *build = getenv("CHAIRD_BUILD");
	char program[400], config[200];
	const char *const argv[] = { program, subcommand, config, operand, NULL };
	struct process *process;
	int code;

	snprintf(program, sizeof(program), "%s/chairctl", build ? build : "build/default");
	snprintf(config, sizeof(config), "--config=%s/chaird.cfg", rig->dir);
	process = process_start(argv, NULL);
	code = WEXITSTATUS(process_wait(process, SOON_MS));
	process_logged(process, "all of it", SOON_MS);
	*ret_output = process_output(process);
	process_free(process);
	return code;
}

static void expect(const struct rig *rig, const char *subcommand, const char *operand, int code,
	const char *text)
{
	char *output;
	int r = chairctl(rig, subcommand, operand, &output);

	if (r != code || !strstr(output, text))
		fail_msg("%s %s: exit %d: %s", subcommand, operand ? operand : "", r, output);
	free(output);
}

// --- requests ---------------------------------------------------------------------------------

static void intensity(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	expect(rig, "intensity", "40", 0, "bench: intensity 40 accepted");
	rig_expect(rig, mark, "target", "\"intensity\":40.0", SOON_MS);
	expect(rig, "intensity", "62.5", 0, "accepted");
	rig_expect(rig, mark, "target", "\"intensity\":62.5", SOON_MS);
	expect(rig, "intensity", "50%", 0, "bench: intensity 50% accepted");
	rig_expect(rig, mark, "target", "\"intensity\":50.0", SOON_MS);
	expect(rig, "intensity", "50,5", 0, "accepted");
	rig_expect(rig, mark, "target", "\"intensity\":50.5", SOON_MS);
	expect(rig, "intensity", "0", 0, "accepted");
	rig_expect(rig, mark, "target", "\"intensity\":0.0", SOON_MS);
}

static void a_wrong_intensity_is_refused(void **state)
{
	static const char *const wrong[] = { "101", "much", "", "50%%", "nan", "1e9" };
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		expect(rig, "intensity", wrong[i], 2, "is not a number in 0 ... 100");
	expect(rig, "intensity", "-1", 2, "");
	expect(rig, "intensity", "much", 2, "write 50, 50.5 or 50%");
	expect(rig, "intensity", NULL, 2, "chairctl intensity [OPTION]... PERCENT");
	rig_refute(rig, mark, "response/intensity", NULL);
}

static void feedback(void **state)
{
	struct rig *rig = *state;
	size_t mark;

	expect(rig, "feedback", "less", 1, "chairctl: "); // no session
	mark = rig_hold(rig, "eased", NULL);
	expect(rig, "feedback", "less", 0, "recliner: feedback less accepted");
	rig_expect(rig, mark, "response/feedback", "\"ok\":true", SOON_MS);
	expect(rig, "feedback", "eased", 0, "recliner: feedback eased accepted");
	rig_expect(rig, mark, "state", "\"eased\":true", SOON_MS);
	expect(rig, "feedback", "harder", 1, "feedback");
	expect(rig, "feedback", NULL, 2, "less|eased|more");
}

static void home(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	expect(rig, "home", NULL, 0, "recliner: home accepted");
	rig_expect(rig, mark, "event", "\"homed\"", SOON_MS);
	rig_expect(rig, mark, "state", "\"homed\":true", SOON_MS);
}

static void reset(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	expect(rig, "reset", NULL, 1, "no fault is latched");
	rig_happen(rig, "read-fail+1");
	rig_expect(rig, mark, "state", "\"code\":\"hal\"", SOON_MS);
	rig_pass(rig, "halt+2");
	rig_go(rig);
	expect(rig, "reset", NULL, 0, "bench: reset accepted");
	rig_expect(rig, mark, "event", "\"reset\"", SOON_MS);
	mark = client_mark(rig->client);
	rig_happen(rig, "estop=1");
	rig_expect(rig, mark, "state", "\"code\":\"estop\"", SOON_MS);
	expect(rig, "reset", NULL, 1,
		"hint: pull out the emergency stop and press the reset button");
}

// Its whole output, with an exit code of 0.
static void expect_whole(const struct rig *rig, const char *subcommand, const char *text)
{
	char *output;

	assert_int_equal(chairctl(rig, subcommand, NULL, &output), 0);
	assert_string_equal(output, text);
	free(output);
}

#define NOT_RELOADED \
	"not reloaded: settings: chaird.cfg is read only at the start: systemctl restart chaird\n"

static void reload(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	expect_whole(rig, "reload",
		"bench: reloaded: chair, atlas, pathways, profiles (points: 70, pathways: 38, "
		"profiles: 4)\n" NOT_RELOADED);
	rig_expect(rig, mark, "response/reload", "\"ok\":true", SOON_MS);
	assert_true(process_logged(rig->chaird, "reloaded: ", SOON_MS));
	rig_hold(rig, "press", NULL);
	expect(rig, "reload", NULL, 1, "reload: ");
}

static void reload_names_unusable_profiles(void **state)
{
	struct rig *rig = *state;
	char path[200];

	rig_write(rig, "profiles/sessions/empty.cfg", "");
	rig_write(rig, "profiles/sessions/half.cfg", "title = ;\n");
	expect_whole(rig, "reload",
		"bench: reloaded: chair, atlas, pathways, profiles (points: 70, pathways: 38, "
		"profiles: 4)\n" NOT_RELOADED "cannot be played: empty, half\n"
		"  hint: chairctl profiles shows the first error of each, "
		"journalctl -u chaird all\n");
	expect(rig, "profiles", NULL, 0, "(cannot be played: empty.cfg: is empty");
	expect(rig, "profiles", NULL, 0, "(cannot be played: half.cfg:1:");
	assert_int_equal(unlink(rig_path(rig, "profiles/sessions/empty.cfg", path)), 0);
	assert_int_equal(unlink(rig_path(rig, "profiles/sessions/half.cfg", path)), 0);
	expect_whole(rig, "reload",
		"bench: reloaded: chair, atlas, pathways, profiles (points: 70, pathways: 38, "
		"profiles: 4)\n" NOT_RELOADED);
}

// --- followed ---------------------------------------------------------------------------------

static void an_end_has_its_reason_on_its_line(void **state)
{
	struct rig *rig = *state;
	const char *build = getenv("CHAIRD_BUILD");
	char program[400], config[200], *output;
	const char *const argv[] = { program, "run", config, "--follow", "press", NULL };
	struct process *process;

	snprintf(program, sizeof(program), "%s/chairctl", build ? build : "build/default");
	snprintf(config, sizeof(config), "--config=%s/chaird.cfg", rig->dir);
	rig_will_halt(rig, "halt:hold");
	process = process_start(argv, NULL);
	rig_halted(rig);
	expect(rig, "stop", NULL, 0, "");
	rig_go(rig);
	assert_int_equal(WEXITSTATUS(process_wait(process, SOON_MS)), 1);
	process_logged(process, "all of it", SOON_MS);
	output = process_output(process);
	assert_non_null(strstr(output, "event aborted points="));
	assert_non_null(strstr(output, " why=stop (it was stopped)\n"));
	assert_non_null(strstr(output,
		"chairctl: stop: the session was broken off: it was stopped\n"));
	free(output);
	process_free(process);
}

// --- put --------------------------------------------------------------------------------------

// All that is wrong is printed and nothing stored; a good one can be played at once.
static void put(void **state)
{
	static const char good[] =
		"title = \"Mine\"; steps = ( { points = [ \"gastrocnemius\" ];\n"
		"  target = { newtons = 20.0; floor = 8.0; }; hold_s = 5.0; } );\n";
	struct rig *rig = *state;
	char path[200], stem[200];

	rig_write(rig, "mine.cfg",
		"title = \"Mine\";\nsteps = ( { points = [ \"gastrocnemiu\" ];\n"
		"  target = { newtons = 99.0; floor = 8.0; }; } );\n");
	rig_path(rig, "mine.cfg", path);
	expect(rig, "put", path, 1, "mine.cfg:2: steps[0].points[0]: no point \"gastrocnemiu\"");
	expect(rig, "put", path, 1, "mine.cfg:3: steps[0].target.newtons: 99 is out of range");
	expect(rig, "put", path, 1, "mine.cfg is not proved on bench; nothing was stored");
	expect(rig, "run", "mine", 1, "no profile of that name");
	expect(rig, "put", "no-such.cfg", 2, "no-such.cfg: cannot be read");
	rig_write(rig, "mine.cfg", "title = \"Mine\";\nsteps = ( { hold_s = 30,5; } );\n");
	expect(rig, "put", path, 1, "mine.cfg:2:24: a decimal comma");
	rig_path(rig, "mine", stem);
	expect(rig, "put", stem, 2, "No such file or directory (there is ");
	rig_write(rig, "mine.cfg", good);
	expect(rig, "put", path, 0, "mine.cfg:2: warning: steps[0].hold_s: 5 s are short");
	expect(rig, "put", path, 0, "bench: stored mine, ");
	rig_will_halt(rig, "halt:hold");
	expect(rig, "run", "mine", 0, "mine started");
	rig_halted(rig);
	expect(rig, "put", path, 1, "busy");
	expect(rig, "stop", NULL, 0, "");
}

// --- on a terminal ----------------------------------------------------------------------------

#define END_OF_OUTPUT '\004'

// Read up to the mark. The terminal is kept until then: one that is given up may lose its content.
static void read_output(int fd, FILE *stream)
{
	char chunk[512], *end = NULL;

	while (!end) {
		ssize_t n = read(fd, chunk, sizeof(chunk));

		assert_true(n > 0);
		end = memchr(chunk, END_OF_OUTPUT, (size_t)n);
		fwrite(chunk, 1, end ? (size_t)(end - chunk) : (size_t)n, stream);
	}
	assert_int_equal(write(fd, "\n", 1), 1);
}

// Output of `chairctl` with words on a terminal of that many columns, to be freed. no_color: the
// variable NO_COLOR; NULL: not set.
static char *on_a_terminal(const struct rig *rig, const char *words, unsigned short columns,
	const char *no_color)
{
	const struct winsize size = { .ws_col = columns, .ws_row = 25 };
	const char *build = getenv("CHAIRD_BUILD");
	char command[700], *output = NULL;
	size_t size_out;
	FILE *stream = open_memstream(&output, &size_out);
	int fd, status;
	pid_t pid;

	snprintf(command, sizeof(command),
		"%s/chairctl %s --config=%s/chaird.cfg; printf '\\004'; read -r _",
		build ? build : "build/default", words, rig->dir);
	pid = forkpty(&fd, NULL, NULL, &size);
	assert_true(pid >= 0);
	if (pid == 0) {
		unsetenv("COLUMNS");
		setenv("TERM", "vt100", 1);
		unsetenv("NO_COLOR");
		if (no_color)
			setenv("NO_COLOR", no_color, 1);
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(127);
	}
	read_output(fd, stream);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	close(fd);
	fclose(stream);
	return output;
}

// A carriage return begins the line anew.
static void expect_columns(const char *output, int columns)
{
	while (*output) {
		size_t n = strcspn(output, "\r\n");
		const char *erase = "\033[K";

		if (!strncmp(output, erase, strlen(erase))) {
			output += strlen(erase);
			n -= strlen(erase);
		}
		if (terminal_width(output, n) > columns && memchr(output, ' ', n))
			fail_msg("more than %d columns: %.*s", columns, (int)n, output);
		output += n + strspn(output + n, "\r\n");
	}
}

static const unsigned short columns[] = { 120, 80, 60, 40 };

static void no_line_is_longer_than_the_terminal(void **state)
{
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		size_t mark = client_mark(rig->client);
		char *output = on_a_terminal(rig, "run --follow press", columns[i], NULL);

		assert_non_null(strstr(output, "event hold_done"));
		assert_non_null(strstr(output, "verdict"));
		expect_columns(output, columns[i]);
		free(output);
		rig_expect(rig, mark, "event", "\"completed\"", SOON_MS);
		rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	}
}

// Each command that prints a table or sentences, and a piece of it.
static const struct {
	const char *words, *piece;
} printed[] = {
	{ "status", "intensity" },
	{ "profiles", " min" },
	{ "atlas", "rhomboid" },
	{ "atlas trapezius.upper", "muscle" },
	{ "atlas --refers temple", "temple" },
	{ "dose --days 2", "limits" },
	{ "person list", "anna" },
	{ "person show anna", "closed:" },
	{ "reload", "reloaded" },
	{ "simulate press", "verdict" },
	{ "simulate press -P anna", "closed to" },
	{ "explain press", "Minute 1" },
	{ "diff press press", "Nothing" },
	{ "doctor", "warning" },
	{ "stop --host 127.0.0.1 --port 1", "hint:" },
	{ "put tests/system/profiles/press.cfg", "stored press" },
};

static void no_command_writes_longer_lines(void **state)
{
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		for (size_t k = 0; k < sizeof(printed) / sizeof(printed[0]); k++) {
			char *output = on_a_terminal(rig, printed[k].words, columns[i], NULL);

			if (!strstr(output, printed[k].piece))
				fail_msg("%s: %s", printed[k].words, output);
			expect_columns(output, columns[i]);
			free(output);
		}
	}
}

// On a terminal, and if NO_COLOR is not set or empty (https://no-color.org).
static void colour_is_for_terminals_that_want_it(void **state)
{
	static const char *const words[] = { "simulate press", "doctor", "stop --port 1" };
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char *coloured = on_a_terminal(rig, words[i], 80, NULL);
		char *empty = on_a_terminal(rig, words[i], 80, "");
		char *plain = on_a_terminal(rig, words[i], 80, "1");

		assert_non_null(strstr(coloured, "\033["));
		assert_non_null(strstr(empty, "\033["));
		assert_null(strchr(plain, '\033'));
		free(coloured);
		free(empty);
		free(plain);
	}
}

// --- unknown values ---------------------------------------------------------------------------

static void status_without_a_guard(void **state)
{
	static const char *const lines[] = { "bench: idle (no guard)\n", "occupied   unknown\n",
		"homed      unknown\n", "pressed    unknown\n", "e-stop     unknown\n",
		"guard      not connected\n", "fault      unknown\n" };
	struct rig *rig = *state;
	char *output;

	rig_start_broker(rig);
	rig_start_chaird(rig);
	rig->client = client_new(rig->port);
	rig_expect(rig, 0, "availability", "online", SOON_MS);
	assert_int_equal(chairctl(rig, "status", NULL, &output), 0);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (!strstr(output, lines[i]))
			fail_msg("no \"%s\" in: %s", lines[i], output);
	}
	free(output);
	rig_expect(rig, 0, "state",
		"\"occupied\":null,\"homed\":null,\"pressed\":null,\"estop_good\":null", SOON_MS);
}

static void status_while_lines_fail(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	rig_happen(rig, "read-fail");
	rig_expect(rig, mark, "state", "\"estop_good\":null,\"guard\":true", SOON_MS);
	expect(rig, "status", NULL, 0, "occupied   unknown\n");
	expect(rig, "status", NULL, 0, "e-stop     unknown\n");
	expect(rig, "status", NULL, 0, "guard      connected\n");
	expect(rig, "status", NULL, 0, "which line: sudo chairctl doctor");
}

#define test_bench(name) cmocka_unit_test_setup_teardown(name, rig_setup_bench, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_bench(intensity),
		test_bench(a_wrong_intensity_is_refused),
		cmocka_unit_test_setup_teardown(feedback, rig_setup_recliner, rig_teardown),
		cmocka_unit_test_setup_teardown(home, rig_setup_recliner, rig_teardown),
		test_bench(reset),
		test_bench(reload),
		test_bench(reload_names_unusable_profiles),
		test_bench(an_end_has_its_reason_on_its_line),
		test_bench(put),
		test_bench(no_line_is_longer_than_the_terminal),
		test_bench(no_command_writes_longer_lines),
		test_bench(colour_is_for_terminals_that_want_it),
		cmocka_unit_test_setup_teardown(status_without_a_guard, rig_setup_bare,
			rig_teardown),
		test_bench(status_while_lines_fail),
	};

	return cmocka_run_group_tests_name("chairctl", tests, NULL, NULL);
}
