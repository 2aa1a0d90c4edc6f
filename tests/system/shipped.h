// SPDX-License-Identifier: MIT
//
// Real broker with the shipped snippet and ACL (systemd/mosquitto), on other ports and in a folder
// of its own.
#ifndef TESTS_SYSTEM_SHIPPED_H
#define TESTS_SYSTEM_SHIPPED_H

#include "rig.h"

// The users; the password of each is its name. Ends with NULL.
extern const char *const shipped_users[];

struct shipped {
	struct rig *rig; // its folder, and the broker
	int port, web_port;
};

// cmocka's setup and teardown; state is a struct shipped *.
int shipped_set_up(void **state);
int shipped_tear_down(void **state);

#endif
