// SPDX-License-Identifier: MIT
//
// Findings of the doctor on machines made of a few files. The checks of the broker are tested with
// real ones in tests/system, those of the lines on a real kernel.
#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <unistd.h>
#include <cmocka.h>

#include "ctl/doctor.h"

#define FILES_MAX 8

// --- a machine --------------------------------------------------------------------------------

static int clock_synchronised(struct timex *timex)
{
	timex->status = STA_PLL;
	return TIME_OK;
}

static int clock_alone(struct timex *timex)
{
	timex->status = STA_UNSYNC;
	return TIME_ERROR;
}

static int clock_denied(struct timex *timex)
{
	(void)timex;
	errno = EPERM;
	return -1;
}

struct file {
	const char *path, *text;
};

static void make_file(const char *root, const struct file *file)
{
	char path[300];
	FILE *stream;

	snprintf(path, sizeof(path), "%s%s", root, file->path);
	for (char *slash = path + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		assert_true(mkdir(path, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
	stream = fopen(path, "we");
	assert_non_null(stream);
	fputs(file->text, stream);
	assert_int_equal(fclose(stream), 0);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status, (void)type, (void)where;
	return remove(path);
}

static struct finding examine(const char *name, struct doctor *doctor)
{
	struct finding finding = { .level = FINDING_OK };

	for (const struct doctor_check *check = doctor_checks; check->name; check++) {
		if (strcmp(check->name, name) == 0) {
			check->run(doctor, &finding);
			return finding;
		}
	}
	fail_msg("there is no check %s", name);
	return finding;
}

// --- cases ------------------------------------------------------------------------------------

#define PERSIST   "/sys/module/pinctrl_bcm2835/parameters/persist_gpio_outputs"
#define HWMON     "/sys/class/hwmon/hwmon1"
#define THROTTLED "/sys/devices/platform/soc/soc:firmware/get_throttled"
#define WATCHDOG  "/sys/class/watchdog/watchdog0"

// The forty-first field is the policy: 1 is SCHED_FIFO.
#define STAT(priority, policy) \
	"17 (a (b) c) S" \
	" 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 " \
	"1 1 1 1 1 " priority " " policy " 0 0\n"
#define STATUS(groups, capabilities, locked) \
	"Name:\tchairguard\nUid:\t9\t9\t9\t9\nGid:\t9\t9\t9\t9\n" \
	"Groups:\t" groups " \nVmLck:\t   " locked " kB\nCapEff:\t" capabilities "\n"
#define LIMITS(priority) \
	"Limit  Soft Limit  Hard Limit  Units\n" \
	"Max realtime priority     " priority "                   " priority "\n"

// A chair that acknowledges two risks.
#define RISKY_CHAIR \
	"id = \"x\"; model = \"X\"; current_max_ma = 500;\n" \
	"acknowledged = [ \"no-charge-pump\" ];\n" \
	"inputs = { estop = { line = \"GPIO5\"; active_low = true; bias = \"pull-up\"; };\n" \
	"  seat = { line = \"GPIO6\"; active_low = true; bias = \"pull-up\"; }; };\n" \
	"actuators = ( { name = \"press\"; kind = \"press\"; current_ma = 400;\n" \
	"  acknowledged = [ \"uncalibrated\" ];\n" \
	"  lines = { forward = { line = \"GPIO17\"; }; reverse = { line = \"GPIO18\"; };\n" \
	"    pwm = { line = \"GPIO19\"; };\n" \
	"    home = { line = \"GPIO4\"; bias = \"pull-down\"; }; };\n" \
	"  release = { kind = \"retract\"; max_s = 8; }; } );\n" \
	"reach = ( { region = \"calf\"; actuator = \"press\";\n" \
	"  along = [0.0, 1.0]; lateral = [0, 80]; } );\n"

// The same with a button that starts a profile, and a library.
#define BUTTON_CHAIR \
	"buttons = (\n" \
	"  { line = \"GPIO20\"; bias = \"pull-up\"; does = \"stop\"; },\n" \
	"  { line = \"GPIO21\"; active_low = true; bias = \"pull-up\"; does = \"start mine\"; }\n" \
	");\n" RISKY_CHAIR
#define LIBRARY_DIR "/usr/share/chaird/profiles/"
#define SESSION     LIBRARY_DIR "sessions/mine.cfg"
#define POINT(name, region) \
	"{ name = \"" name "\"; muscle = \"M\"; region = \"" region \
	"\"; along = 0.5; lateral_mm = 20;\n" \
	"  refers_to = \"calf\"; source = \"a test\"; }"
#define LIBRARY \
	{ LIBRARY_DIR "atlas/a.cfg", \
		"points = ( " POINT("m.calf", "calf") ",\n" POINT("m.neck", "neck") " );\n" }, \
		{ LIBRARY_DIR "pathways/p.cfg", \
			"pathways = ( { name = \"p\"; title = \"P\"; " \
			"referral = \"calf\"; points = [ \"m.calf\" ]; } );\n" }
#define PROFILE(permille, point) \
	"title = \"Mine\";\nsteps = (\n" \
	"  { points = [ \"m." point "\" ]; target = { permille = " permille \
	"; floor = 100; }; }\n" \
	");\n"

static const struct {
	const char *check;
	enum finding_level level;
	const char *text, *remedy; // parts; NULL: no remedy
	const char *chair;         // NULL: none
	struct file files[FILES_MAX];
} cases[] = {
	{ "settings", FINDING_OK, "the defaults apply", NULL, NULL, { { 0 } } },
	{ "settings", FINDING_OK, "is valid", NULL, NULL,
		{ { "/etc/chaird/chaird.cfg", "telemetry_hz = 3;" } } },
	{ "settings", FINDING_PROBLEM, "chaird.cfg:2: telemetry_hz", "chairctl check", NULL,
		{ { "/etc/chaird/chaird.cfg", "\ntelemetry_hz = 30;" } } },

	{ "chair", FINDING_PROBLEM, "does not exist", "recliner.cfg", NULL, { { 0 } } },
	{ "chair", FINDING_PROBLEM, "wrong in", "chairctl check", NULL,
		{ { "/etc/chaird/chair.cfg", "id = \"x\";" } } },
	{ "chair", FINDING_OK, "chair bench, 1 actuators", NULL, "profiles/chairs/bench.cfg",
		{ { 0 } } },
	{ "chair", FINDING_OK,
		"note: the chair acknowledges no-charge-pump (a computer that freezes", NULL, NULL,
		{ { "/etc/chaird/chair.cfg", RISKY_CHAIR } } },
	{ "chair", FINDING_OK, "note: press acknowledges uncalibrated (no ceiling in newtons", NULL,
		NULL, { { "/etc/chaird/chair.cfg", RISKY_CHAIR } } },
	{ "persist", FINDING_WARNING, "declares no charge pump", "hal/README.md", NULL,
		{ { "/etc/chaird/chair.cfg", RISKY_CHAIR } } },
	{ "profiles", FINDING_NOT_APPLICABLE, "first", NULL, NULL, { { 0 } } },
	{ "profiles", FINDING_PROBLEM, "wrong in", "chairctl check", "profiles/chairs/bench.cfg",
		{ { 0 } } },

	{ "buttons", FINDING_NOT_APPLICABLE, "no button starts", NULL, "profiles/chairs/bench.cfg",
		{ { 0 } } },
	{ "buttons", FINDING_NOT_APPLICABLE, "first the profiles", NULL, NULL,
		{ { "/etc/chaird/chair.cfg", BUTTON_CHAIR } } },
	{ "buttons", FINDING_OK, "is proved on this chair", NULL, NULL,
		{ LIBRARY, { SESSION, PROFILE("400", "calf") },
			{ "/etc/chaird/chair.cfg", BUTTON_CHAIR } } },
	{ "buttons", FINDING_WARNING,
		"/etc/chaird/chair.cfg:3: the button \"start mine\" starts "
		"nothing: there is no such profile",
		"chairctl profiles", NULL,
		{ LIBRARY, { LIBRARY_DIR "sessions/other.cfg", PROFILE("200", "calf") },
			{ "/etc/chaird/chair.cfg", BUTTON_CHAIR } } },
	{ "buttons", FINDING_WARNING, "mine.cfg:3: steps[0].target.permille: 4000 is out of range",
		"correct this one", NULL,
		{ LIBRARY, { SESSION, PROFILE("4000", "calf") },
			{ "/etc/chaird/chair.cfg", BUTTON_CHAIR } } },
	{ "buttons", FINDING_WARNING, "mine.cfg", "correct this one", NULL, // out of its reach
		{ LIBRARY, { SESSION, PROFILE("400", "neck") },
			{ "/etc/chaird/chair.cfg", BUTTON_CHAIR } } },

	{ "persist", FINDING_NOT_APPLICABLE, "first", NULL, NULL, { { PERSIST, "Y\n" } } },
	{ "persist", FINDING_OK, "releases outputs", NULL, "profiles/chairs/bench.cfg",
		{ { PERSIST, "N\n" } } },
	{ "persist", FINDING_WARNING, "only the charge pump", "dtparam=strict_gpiod",
		"profiles/chairs/bench.cfg", { { PERSIST, "Y\n" } } },
	{ "persist", FINDING_NOT_APPLICABLE, "no persist_gpio_outputs", NULL,
		"profiles/chairs/bench.cfg", { { 0 } } },

	{ "guard", FINDING_PROBLEM, "does not run", "systemctl enable --now chairguard", NULL,
		{ { "/proc/17/comm", "chaird\n" }, { "/proc/version", "Linux\n" } } },
	{ "guard", FINDING_OK, "pid 17", NULL, NULL, { { "/proc/17/comm", "chairguard\n" } } },
	{ "guard", FINDING_PROBLEM, "since 2026-11-22", "chair-unlock", NULL,
		{ { "/var/lib/chairguard/lockout", "2026-11-22\n" } } },

	{ "realtime", FINDING_NOT_APPLICABLE, "does not run", NULL, NULL, { { 0 } } },
	{ "realtime", FINDING_OK, "priority 60", NULL, NULL,
		{ { "/proc/17/comm", "chairguard\n" },
			{ "/proc/17/status", STATUS("5", "0", "4000") },
			{ "/proc/17/stat", STAT("60", "1") } } },
	{ "realtime", FINDING_PROBLEM, "not locked: it may wait for the disk: it does not arm",
		"LimitMEMLOCK", NULL,
		{ { "/proc/17/comm", "chairguard\n" }, { "/proc/17/status", STATUS("5", "0", "0") },
			{ "/proc/17/stat", STAT("60", "1") } } },
	{ "realtime", FINDING_PROBLEM, "may not have", "LimitRTPRIO", NULL,
		{ { "/proc/17/comm", "chairguard\n" },
			{ "/proc/17/status", STATUS("5", "0", "4000") },
			{ "/proc/17/stat", STAT("0", "0") },
			{ "/proc/17/limits", LIMITS("59") } } },
	{ "realtime", FINDING_PROBLEM, "runs without", "restart", NULL,
		{ { "/proc/17/comm", "chairguard\n" },
			{ "/proc/17/status", STATUS("5", "0", "4000") },
			{ "/proc/17/stat", STAT("0", "0") },
			{ "/proc/17/limits", LIMITS("60") } } },
	{ "realtime", FINDING_PROBLEM, "runs without", "restart", NULL,
		{ { "/proc/17/comm", "chairguard\n" },
			{ "/proc/17/status", STATUS("5", "0000000000800000", "4000") },
			{ "/proc/17/stat", STAT("0", "0") }, { "/proc/17/limits", LIMITS("0") } } },
	{ "realtime", FINDING_WARNING, "runs without", "restart", NULL,
		{ { "/proc/17/comm", "chairguard\n" },
			{ "/proc/17/status", STATUS("5", "0", "4000") },
			{ "/proc/17/stat", STAT("0", "0") }, { "/proc/17/limits", LIMITS("60") },
			{ "/proc/17/cmdline", "chairguard --backend=sim" } } },

	{ "gpio", FINDING_PROBLEM, "no group gpio", "systemd-sysusers", NULL,
		{ { "/etc/group", "root:x:0:\n" }, { "/dev/gpiochip0", "" } } },
	{ "gpio", FINDING_NOT_APPLICABLE, "no GPIO chip", NULL, NULL,
		{ { "/etc/group", "gpio:x:997:\n" } } },
	{ "gpio", FINDING_PROBLEM, "may not use", "udevadm trigger", NULL,
		{ { "/etc/group", "gpio:x:4000000000:\n" }, { "/dev/gpiochip0", "" } } },

	{ "lines", FINDING_NOT_APPLICABLE, "first", NULL, NULL, { { 0 } } },
	{ "lines", FINDING_PROBLEM, "not found: GPIO5 GPIO6 ", "connect the GPIO chip",
		"profiles/chairs/bench.cfg", { { "/dev/null", "" } } },
	{ "pwm", FINDING_NOT_APPLICABLE, "first", NULL, NULL, { { 0 } } },
	{ "pwm", FINDING_NOT_APPLICABLE, "no drive by kernel PWM", NULL,
		"profiles/chairs/bench.cfg", { { 0 } } },
	{ "pwm", FINDING_PROBLEM, "channel fe20c000.pwm:pwm0: there is no such PWM chip",
		"dtoverlay=pwm-2chan", "tests/scenario/chairs/kernel_pwm.cfg",
		{ { "/sys/class/pwm/README", "" } } },
	{ "sensors", FINDING_NOT_APPLICABLE, "no force sensor", NULL, "profiles/chairs/bench.cfg",
		{ { 0 } } },
	{ "sensors", FINDING_PROBLEM, "ads1015", "dtoverlay=ads1115",
		"profiles/chairs/recliner.cfg", { { 0 } } },

	{ "broker", FINDING_NOT_APPLICABLE, "first", NULL, NULL, { { 0 } } },
	{ "anonymous", FINDING_NOT_APPLICABLE, "first", NULL, NULL, { { 0 } } },
	{ "acl", FINDING_NOT_APPLICABLE, "first", NULL, NULL, { { 0 } } },
	{ "controller", FINDING_NOT_APPLICABLE, "first", NULL, NULL, { { 0 } } },

	{ "voltage", FINDING_NOT_APPLICABLE, "does not report", NULL, NULL,
		{ { HWMON "/name", "cpu_thermal\n" } } },
	{ "voltage", FINDING_OK, "in range", NULL, NULL,
		{ { HWMON "/name", "rpi_volt\n" }, { HWMON "/in0_lcrit_alarm", "0\n" },
			{ THROTTLED, "1\n" } } },
	{ "voltage", FINDING_PROBLEM, "too low", "supply", NULL,
		{ { HWMON "/name", "rpi_volt\n" }, { HWMON "/in0_lcrit_alarm", "1\n" } } },
	{ "voltage", FINDING_OK, "in range", NULL, NULL, { { THROTTLED, "0\n" } } },
	{ "voltage", FINDING_PROBLEM, "is too low", "supply", NULL, { { THROTTLED, "50005\n" } } },
	{ "voltage", FINDING_WARNING, "has been", "supply", NULL, { { THROTTLED, "50000\n" } } },

	{ "watchdog", FINDING_WARNING, "no hardware watchdog", "watchdog=on", NULL, { { 0 } } },
	{ "watchdog", FINDING_OK, "watchdog runs", NULL, NULL, { { "/dev/watchdog0", "" } } },
	{ "watchdog", FINDING_OK, "Broadcom", NULL, NULL,
		{ { WATCHDOG "/state", "active\n" }, { WATCHDOG "/identity", "Broadcom\n" } } },
	{ "watchdog", FINDING_WARNING, "inactive", "RuntimeWatchdogSec", NULL,
		{ { WATCHDOG "/state", "inactive\n" } } },
};

static void expect(size_t i, const struct finding *finding)
{
	if (finding->level != cases[i].level || !strstr(finding->text, cases[i].text) ||
		(cases[i].remedy ? !strstr(finding->remedy, cases[i].remedy)
				 : *finding->remedy != 0))
		fail_msg("case %zu, %s: level %d: \"%s\" -> \"%s\"", i, cases[i].check,
			(int)finding->level, finding->text, finding->remedy);
}

static void every_finding(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char root[] = "/tmp/chaird-doctor-XXXXXX";
		struct doctor doctor = { .root = root,
			.chair_file = cases[i].chair,
			.timeout_s = 1,
			.adjtimex = clock_synchronised };
		struct finding finding;

		assert_non_null(mkdtemp(root));
		for (size_t j = 0; j < FILES_MAX && cases[i].files[j].path; j++)
			make_file(root, &cases[i].files[j]);
		examine("settings", &doctor);
		examine("chair", &doctor);
		examine("guard", &doctor);
		finding = examine(cases[i].check, &doctor);
		nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
		expect(i, &finding);
	}
}

// The finding on a missing charge pump depends on the chair.
static void without_a_charge_pump(void **state)
{
	char root[] = "/tmp/chaird-doctor-XXXXXX";
	struct doctor doctor = { .root = root, .chair_file = "profiles/chairs/bench.cfg" };
	struct finding finding;

	(void)state;
	assert_non_null(mkdtemp(root));
	examine("chair", &doctor);
	doctor.chair.enable = -1;
	make_file(root, &(struct file){ PERSIST, "N\n" });
	finding = examine("persist", &doctor);
	assert_int_equal(finding.level, FINDING_WARNING);
	make_file(root, &(struct file){ PERSIST, "Y\n" });
	finding = examine("persist", &doctor);
	assert_int_equal(finding.level, FINDING_PROBLEM);
	assert_non_null(strstr(finding.text, "refuses to arm"));
	assert_non_null(strstr(finding.remedy, "dtparam=strict_gpiod"));
	nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

// Owner and mode of the node give the group access to a chip; the guard must be in the group.
static void the_group_of_the_chips(void **state)
{
	static const struct {
		mode_t mode;
		const char *groups; // of a running guard, before the id of gpio; NULL: none runs
		enum finding_level level;
	} rows[] = {
		{ 0660, NULL, FINDING_OK }, { 0600, NULL, FINDING_PROBLEM },
		{ 0640, NULL, FINDING_PROBLEM }, { 0660, "", FINDING_OK },
		{ 0660, "7 8 ", FINDING_OK }, { 0660, "7 8 1", FINDING_PROBLEM }, // another number
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char root[] = "/tmp/chaird-doctor-XXXXXX", text[200], path[64];
		struct doctor doctor = { .root = root };
		struct finding finding;

		assert_non_null(mkdtemp(root));
		snprintf(text, sizeof(text), "users:x:100:\ngpio:x:%u:pi\n", getgid());
		make_file(root, &(struct file){ "/etc/group", text });
		make_file(root, &(struct file){ "/dev/gpiochip0", "" });
		snprintf(path, sizeof(path), "%s/dev/gpiochip0", root);
		assert_int_equal(chmod(path, rows[i].mode), 0);
		if (rows[i].groups) {
			snprintf(text, sizeof(text),
				"Uid:\t9\t9\t9\t9\nGid:\t9\t9\t9\t9\n"
				"Groups:\t%s%u \nVmLck:\t0 kB\n",
				rows[i].groups, getgid());
			make_file(root, &(struct file){ "/proc/17/comm", "chairguard\n" });
			make_file(root, &(struct file){ "/proc/17/status", text });
		}
		examine("guard", &doctor);
		finding = examine("gpio", &doctor);
		nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
		if (finding.level != rows[i].level)
			fail_msg("row %zu: level %d: %s", i, (int)finding.level, finding.text);
	}
}

// --- channels of kernel PWM -------------------------------------------------------------------

#define PWM_DEVICE "/sys/devices/platform/fe20c000.pwm"
#define PWM_CHIP   PWM_DEVICE "/pwm/pwmchip0"

static const char *const pwm_files[][2] = { { "export", "" }, { "npwm", "2\n" },
	{ "pwm0/period", "50000\n" }, { "pwm0/duty_cycle", "0\n" }, { "pwm0/enable", "0\n" },
	{ "pwm1/period", "55556\n" }, { "pwm1/duty_cycle", "0\n" }, { "pwm1/enable", "0\n" } };

static void link_below(const char *root, const char *target, const char *path)
{
	char from[300], to[300];

	snprintf(from, sizeof(from), "%s%s", root, target);
	snprintf(to, sizeof(to), "%s%s", root, path);
	assert_int_equal(symlink(from, to), 0);
}

static void make_pwm(const char *root, mode_t mode, const char *without, const char *period)
{
	char path[300], full[400], text[100];

	for (size_t i = 0; i < sizeof(pwm_files) / sizeof(pwm_files[0]); i++) {
		const char *name = pwm_files[i][0];
		bool last = !strcmp(name, "pwm1/period");

		if (without && !strncmp(name, without, strlen(without)))
			continue;
		snprintf(path, sizeof(path), PWM_CHIP "/%s", name);
		make_file(root, &(struct file){ path, last ? period : pwm_files[i][1] });
		snprintf(full, sizeof(full), "%s%s", root, path);
		assert_int_equal(chmod(full, mode), 0);
	}
	make_file(root, &(struct file){ "/sys/class/pwm/README", "" });
	link_below(root, PWM_CHIP, "/sys/class/pwm/pwmchip0");
	link_below(root, PWM_DEVICE, PWM_CHIP "/device");
	snprintf(text, sizeof(text), "gpio:x:%u:pi\n", getgid());
	make_file(root, &(struct file){ "/etc/group", text });
}

static void the_channels_of_kernel_pwm(void **state)
{
	static const struct {
		mode_t mode;
		const char *without, *period; // files that are not there; of channel 1
		enum { NO_GUARD, WAITS, RUNS } guard;
		enum finding_level level;
		const char *text, *remedy;
	} rows[] = {
		{ 0664, NULL, "55556\n", RUNS, FINDING_OK, "the guard has set their frequency",
			"" },
		{ 0664, "pwm", "", NO_GUARD, FINDING_OK, "may write all 2 channels of kernel PWM",
			"" },
		{ 0644, "pwm", "", NO_GUARD, FINDING_PROBLEM,
			"the group gpio may not write channel",
			"udevadm trigger --subsystem-match=pwm" },
		{ 0664, "pwm1/enable", "55556\n", NO_GUARD, FINDING_PROBLEM,
			"may not write channel fe20c000.pwm:pwm1", "udevadm trigger" },
		{ 0664, NULL, "50000\n", RUNS, FINDING_PROBLEM, "has 20000 Hz instead of 18000",
			"systemctl restart chairguard" },
		{ 0664, NULL, "50000\n", NO_GUARD, FINDING_OK, "may write all 2", "" },
		{ 0664, "npwm", "", NO_GUARD, FINDING_PROBLEM, "the chip has no such channel",
			"chairctl lines" },
		{ 0664, "pwm", "", WAITS, FINDING_WARNING,
			"has not exported channel fe20c000.pwm:pwm0", "ReadWritePaths=" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char root[] = "/tmp/chaird-doctor-XXXXXX";
		struct doctor doctor = { .root = root,
			.chair_file = "tests/scenario/chairs/kernel_pwm.cfg" };
		struct finding finding;

		assert_non_null(mkdtemp(root));
		make_pwm(root, rows[i].mode, rows[i].without, rows[i].period);
		examine("chair", &doctor);
		doctor.guard = rows[i].guard ? 17 : 0;
		doctor.guard_waits = rows[i].guard == WAITS;
		finding = examine("pwm", &doctor);
		nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
		if (finding.level != rows[i].level || !strstr(finding.text, rows[i].text) ||
			!strstr(finding.remedy, rows[i].remedy))
			fail_msg("row %zu: level %d: \"%s\" -> \"%s\"", i, (int)finding.level,
				finding.text, finding.remedy);
	}
}

static void the_clock(void **state)
{
	struct doctor doctor = { .root = "", .adjtimex = clock_synchronised };

	(void)state;
	assert_int_equal(examine("clock", &doctor).level, FINDING_OK);
	doctor.adjtimex = clock_alone;
	assert_int_equal(examine("clock", &doctor).level, FINDING_WARNING);
	doctor.adjtimex = clock_denied;
	assert_int_equal(examine("clock", &doctor).level, FINDING_WARNING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_finding),
		cmocka_unit_test(without_a_charge_pump),
		cmocka_unit_test(the_group_of_the_chips),
		cmocka_unit_test(the_channels_of_kernel_pwm),
		cmocka_unit_test(the_clock),
	};

	return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}
