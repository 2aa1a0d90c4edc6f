// SPDX-License-Identifier: MIT
//
// Settings of the controller, chaird.cfg. Every key has a default, and the file may be absent.
#ifndef CHAIRD_CONFIG_SETTINGS_H
#define CHAIRD_CONFIG_SETTINGS_H

#include <stdbool.h>

#include "config/problems.h"
#include "core/allowance.h"

#define SETTING_SIZE 256

struct settings {
	char chair_file[SETTING_SIZE];   // "/etc/chaird/chair.cfg"
	char profiles_dir[SETTING_SIZE]; // "/usr/share/chaird/profiles"
	char guard_socket[SETTING_SIZE]; // WIRE_DEFAULT_SOCKET
	char state_dir[SETTING_SIZE];    // "/var/lib/chaird"
	struct {
		char host[SETTING_SIZE];          // "localhost"
		int port;                         // 1883; 1 ... 65535
		char prefix[SETTING_SIZE];        // "chair"; levels with "/" between them
		char username[SETTING_SIZE];      // "": anonymous
		char password_file[SETTING_SIZE]; // "": the credential "mqtt-password" if any
		int keepalive_s;                  // 60; 5 ... 3600
		int grace_ms;                     // 5000; 0 ... 60000: broker lost -> release
		bool tls;
		char ca_file[SETTING_SIZE], ca_path[SETTING_SIZE];
		char cert_file[SETTING_SIZE], key_file[SETTING_SIZE];
		bool tls_insecure;               // do not check the host name
		bool allow_password_without_tls; // to a broker on another machine
	} broker;
	struct {
		bool discovery;               // true
		char prefix[SETTING_SIZE];    // "homeassistant"
		char panel_url[SETTING_SIZE]; // "": none
	} home_assistant;
	struct dose_limits dose; // on; 300 s, 12000 N s; 600 s, 24000 N s
	int telemetry_hz;        // 2; 1 ... 5
};

void settings_default(struct settings *settings);

// 0, or -errno with problems added and *ret untouched: -ENOENT if there is no file, -EINVAL;
// -ENOMEM without a problem.
int settings_load(const char *file, struct problems *problems, struct settings *ret_settings);

// False if the user name and its password would cross a network without TLS, and the settings do
// not have allow_password_without_tls = true.
bool settings_password_is_safe(const struct settings *settings);

// Error message for that.
#define SETTINGS_PASSWORD_UNSAFE \
	"the password would cross the network in the clear: set tls = true, or " \
	"allow_password_without_tls = true"

// As settings_load(), and every file and folder that it names must exist.
int settings_check(const char *file, struct problems *problems, struct settings *ret_settings);

#endif
