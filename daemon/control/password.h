// SPDX-License-Identifier: MIT
//
// The broker's password: from a file, or from systemd's credential "mqtt-password" (LoadCredential=
// in systemd.exec(5)).
#ifndef CHAIRD_CONTROL_PASSWORD_H
#define CHAIRD_CONTROL_PASSWORD_H

#include <stddef.h>

#define PASSWORD_SIZE 1024 // with its NUL

// The first line of the file; of the credential where file is "". -ENOENT: neither is there.
// -EFBIG: longer than PASSWORD_SIZE. The caller wipes it with explicit_bzero().
int password_read(const char *file, char ret_password[PASSWORD_SIZE]);

#endif
