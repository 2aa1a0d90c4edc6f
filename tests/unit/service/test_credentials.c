// SPDX-License-Identifier: MIT
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include <mosquitto.h>

#include "service/mqtt_credentials.h"
#include "service/password.h"

struct folder {
	char path[40], file[60];
};

static int set_up(void **state)
{
	static struct folder folder;

	strcpy(folder.path, "/tmp/chaird-credentials-XXXXXX");
	assert_non_null(mkdtemp(folder.path));
	snprintf(folder.file, sizeof(folder.file), "%s/mqtt-password", folder.path);
	unsetenv("CREDENTIALS_DIRECTORY");
	mosquitto_lib_init();
	*state = &folder;
	return 0;
}

static int tear_down(void **state)
{
	struct folder *folder = *state;

	mosquitto_lib_cleanup();
	unlink(folder->file);
	return rmdir(folder->path);
}

static void write_password(const struct folder *folder, const char *text)
{
	FILE *stream = fopen(folder->file, "we");

	assert_non_null(stream);
	fputs(text, stream);
	assert_int_equal(fclose(stream), 0);
}

static void the_first_line_is_the_password(void **state)
{
	const struct folder *folder = *state;
	char password[PASSWORD_SIZE];

	write_password(folder, "secret word\r\nnot this\n");
	assert_int_equal(password_read(folder->file, password), 0);
	assert_string_equal(password, "secret word");
}

static void the_credential_is_used_without_a_file(void **state)
{
	const struct folder *folder = *state;
	char password[PASSWORD_SIZE];

	write_password(folder, "credential");
	assert_int_equal(password_read("", password), -ENOENT);
	setenv("CREDENTIALS_DIRECTORY", folder->path, 1);
	assert_int_equal(password_read("", password), 0);
	assert_string_equal(password, "credential");
}

static void a_password_has_a_longest_length(void **state)
{
	const struct folder *folder = *state;
	char password[PASSWORD_SIZE], text[PASSWORD_SIZE + 1] = "";

	memset(text, 'x', PASSWORD_SIZE - 1);
	write_password(folder, text);
	assert_int_equal(password_read(folder->file, password), 0);
	assert_string_equal(password, text);
	text[PASSWORD_SIZE - 1] = 'x';
	write_password(folder, text);
	assert_int_equal(password_read(folder->file, password), -EFBIG);
}

static void a_fifo_does_not_block(void **state)
{
	const struct folder *folder = *state;
	char password[PASSWORD_SIZE];

	assert_int_equal(mkfifo(folder->file, 0600), 0);
	assert_int_equal(password_read(folder->file, password), 0);
	assert_string_equal(password, "");
}

static int set(const struct settings *settings, char error[400])
{
	struct mosquitto *mosq = mosquitto_new("test", true, NULL);
	struct mqtt_cause cause = { 0 };
	struct mqtt_tls *tls = NULL;
	int r;

	assert_non_null(mosq);
	r = mqtt_credentials_set(mosq, settings, &cause, &tls);
	mosquitto_destroy(mosq);
	mqtt_tls_free(tls);
	snprintf(error, 400, "%s", cause.text);
	return r;
}

static void a_named_password_file_must_be_there(void **state)
{
	const struct folder *folder = *state;
	struct settings settings = { 0 };
	char error[400], expected[200];

	assert_int_equal(set(&settings, error), 0);
	strcpy(settings.broker.password_file, folder->file);
	assert_int_equal(set(&settings, error), 0); // anonymous: not read
	strcpy(settings.broker.username, "chair");
	assert_int_equal(set(&settings, error), -ENOENT);
	snprintf(expected, sizeof(expected),
		"the password cannot be read: %s: No such file or directory", folder->file);
	assert_string_equal(error, expected);
	write_password(folder, "secret");
	assert_int_equal(set(&settings, error), 0);
	strcpy(settings.broker.password_file, "");
	assert_int_equal(set(&settings, error), 0); // neither file nor credential: no password
}

static void certificates_must_be_there(void **state)
{
	const struct folder *folder = *state;
	struct settings settings = { .broker.tls = true };
	char error[400], expected[400];

	strcpy(settings.broker.ca_path, folder->path);
	assert_int_equal(set(&settings, error), 0);
	strcpy(settings.broker.ca_file, folder->file);
	assert_int_equal(set(&settings, error), -EINVAL);
	snprintf(expected, sizeof(expected), "ca_file: %s: No such file or directory",
		folder->file);
	assert_string_equal(error, expected);
	write_password(folder, "no certificate");
	assert_int_equal(set(&settings, error), -EINVAL);
	snprintf(expected, sizeof(expected),
		"ca_file: %s: must be a CERTIFICATE, and is not in PEM form (no line -----BEGIN "
		"...-----)",
		folder->file);
	assert_string_equal(error, expected);
	write_password(folder, "-----BEGIN RSA PRIVATE KEY-----\n");
	assert_int_equal(set(&settings, error), -EINVAL);
	snprintf(expected, sizeof(expected),
		"ca_file: %s: must be a CERTIFICATE, and is a RSA PRIVATE KEY", folder->file);
	assert_string_equal(error, expected);
	strcpy(settings.broker.ca_file, folder->path);
	assert_int_equal(set(&settings, error), -EINVAL);
	snprintf(expected, sizeof(expected), "ca_file: %s: Is a directory", folder->path);
	assert_string_equal(error, expected);
	strcpy(settings.broker.ca_file, "");
	strcpy(settings.broker.ca_path, folder->file);
	assert_int_equal(set(&settings, error), -EINVAL);
	snprintf(expected, sizeof(expected), "ca_path: %s: Not a directory", folder->file);
	assert_string_equal(error, expected);
	settings.broker.tls = false;
	assert_int_equal(set(&settings, error), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_first_line_is_the_password, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_credential_is_used_without_a_file, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(a_password_has_a_longest_length, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_fifo_does_not_block, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_named_password_file_must_be_there, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(certificates_must_be_there, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("credentials", tests, NULL, NULL);
}
