// SPDX-License-Identifier: MIT
//
// A real broker with the shipped snippet and ACL (systemd/mosquitto), but for ports and folder.
#ifndef TESTS_SYSTEM_SHIPPED_H
#define TESTS_SYSTEM_SHIPPED_H

#include "rig.h"

// Each one's password is its name. Ends with NULL.
extern const char *const shipped_users[];

struct shipped {
	struct rig *rig; // its folder, and the broker
	int port, web_port;
};

// cmocka's setup and teardown; state is a struct shipped *.
int shipped_set_up(void **state);
int shipped_tear_down(void **state);

#endif
