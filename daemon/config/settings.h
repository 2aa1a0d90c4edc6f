// SPDX-License-Identifier: MIT
//
// chaird.cfg: what the controller needs to know of its surroundings. Every key has a default;
// the file may be absent.
#ifndef CHAIRD_CONFIG_SETTINGS_H
#define CHAIRD_CONFIG_SETTINGS_H

#include <stdbool.h>

#include "config/problems.h"

#define SETTING_SIZE 256

struct settings {
	char chair_file[SETTING_SIZE];   // "/etc/chaird/chair.cfg"
	char profiles_dir[SETTING_SIZE]; // "/usr/share/chaird/profiles"
	char guard_socket[SETTING_SIZE]; // WIRE_DEFAULT_SOCKET
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
		bool tls_insecure; // do not check the host name
	} broker;
	int telemetry_hz; // 2; 1 ... 5
};

void settings_default(struct settings *settings);

// 0, or -EINVAL with problems and *ret untouched. A file that is not there is -ENOENT, with a
// problem added.
int settings_load(const char *file, struct problems *problems, struct settings *ret_settings);

// The same, and every file and folder that it names must be there.
int settings_check(const char *file, struct problems *problems, struct settings *ret_settings);

#endif
