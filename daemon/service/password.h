// SPDX-License-Identifier: MIT
//
// Password of the broker, from a file or from systemd's credential "mqtt-password" (LoadCredential=
// in systemd.exec(5)).
#ifndef CHAIRD_SERVICE_PASSWORD_H
#define CHAIRD_SERVICE_PASSWORD_H

#define PASSWORD_SIZE 1024 // with its NUL

// Read the first line of the file, or of the credential if file is "". 0; -ENOENT: there is no such
// file or credential; -EFBIG: the file has PASSWORD_SIZE bytes or more; another -errno. The caller
// wipes the password with explicit_bzero().
int password_read(const char *file, char ret_password[PASSWORD_SIZE]);

#endif
