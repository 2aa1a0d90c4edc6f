# SPDX-License-Identifier: MIT
# shellcheck shell=bash

# The machine is gone in mid-hold; the next boot, on a kernel that keeps outputs, moves nothing.
case_power_cut() {
	hold
	pi kill
	cp "$PI_DIR/history" "$work/history-cut"
	echo "$(<"$work/window") $EPOCHREALTIME" >>"$work/windows"
	rm "$work/window"
	pi boot pinctrl_bcm2835.persist_gpio_outputs=Y >/dev/null
	pi run 'bash /opt/bench/inside watch'
	inside idle 90
	inside ask status | grep -q '"mode":"off"' || fail "not off after the boot"
	! high_now || fail "the boot has moved something"
	record_bound "off, nothing high"
	record "so"
}

persists() { [[ $(pi run 'cat /sys/module/pinctrl_bcm2835/parameters/persist_gpio_outputs') == Y ]] || fail "the kernel does not keep outputs"; }

case_controller_killed_persist() { persists; dies 30 250 "" 8000 chaird; }
case_guard_killed_persist() { persists; dies 30 500 200 500 chairguard; }
case_both_killed_persist() { persists; dies 30 500 200 500 chairguard chaird; }
