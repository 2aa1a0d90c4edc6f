#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The first process of the test kernel: makes the machine ready, runs $RUN_DIR/command,
# leaves its exit status in $RUN_DIR/status, halts. Started by `run`.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t configfs configfs /sys/kernel/config
mountpoint -q /dev || mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/shm
mount -t tmpfs tmpfs /dev/shm
ln -sf /proc/self/fd /dev/fd
mount -t tmpfs tmpfs /run

# /tmp is memory, too, but for the entries that the command lives or works in.
mkdir /run/host
mount --bind / /run/host
mount -t tmpfs -o mode=1777 tmpfs /tmp
while read -r entry; do
	if [[ -d /run/host/tmp/$entry ]]; then mkdir -p "/tmp/$entry"; else touch "/tmp/$entry"; fi
	mount --bind "/run/host/tmp/$entry" "/tmp/$entry"
done <"/run/host$RUN_DIR/tmp-entries"

ip link set lo up

# tty1 and tty2 are the caller's stdout and stderr: bytes as they are, no CR before LF.
stty -F /dev/tty1 raw
stty -F /dev/tty2 raw
bash "$RUN_DIR/command" </dev/null >/dev/tty1 2>/dev/tty2
echo $? >"$RUN_DIR/status"

sync
echo o >/proc/sysrq-trigger
sleep infinity
